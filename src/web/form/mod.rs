//! The form: every field is generated from a [`Parameter`], and knows nothing else about the problem.

pub mod input;
pub mod family;
pub mod preview;
pub mod table;
pub mod transitions;

use leptos::prelude::*;

use self::family::Family;
use self::input::{Number, Text, mark};
use self::table::TableEditor;
use self::transitions::Transitions;
use super::focus::go_on_from;
use super::i18n::{self, fill, gap, say};
use super::store::Store;
use retailq::config::Experiment;
use retailq::parameter::{Kind, Parameter};
use retailq::words::Words;

/// What a field needs to know; reward weights have one too, though they are no parameters.
#[derive(Clone)]
pub struct Field {
    /// Name in links.
    pub key: String,
    /// Name on the page.
    pub name: Words,
    /// Meaning.
    pub help: Words,
    /// Unit, empty where there is none.
    pub unit: Words,
    /// Type and range.
    pub kind: Kind,
}

impl From<Parameter> for Field {
    fn from(Parameter { key, name, help, unit, kind, .. }: Parameter) -> Self {
        Self { key: key.to_owned(), name, help, unit, kind }
    }
}

/// A value of the experiment, as its editor shows and changes it.
#[derive(Clone, Copy)]
pub struct Binding {
    store: Store,
    /// The field's name in links.
    key: StoredValue<String>,
    /// The value as a text.
    value: Signal<String>,
    /// Counts changes that come from elsewhere than the input with the focus, which must then show them.
    restored: RwSignal<u32>,
}

impl Binding {
    fn new(store: Store, key: String) -> Self {
        let key = StoredValue::new(key);
        let value = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().and_then(|draft| key.with_value(|key| draft.text(key)))));
        let restored = RwSignal::new(0);
        Effect::new(move |_| {
            store.opened.track();
            restored.update(|count| *count += 1);
        });
        Self { store, key, value: Signal::derive(move || value.get().unwrap_or_default()), restored }
    }

    /// The name of its input in the document.
    fn id(self) -> String {
        self.key.with_value(|key| ["field-", key].concat())
    }

    /// The name of its label.
    fn label_id(self) -> String {
        [&self.id(), "-label"].concat()
    }

    /// The value of the preset.
    fn standard(self, draft: &Option<Experiment>) -> Option<String> {
        draft.as_ref().and_then(|draft| self.key.with_value(|key| draft.standard_text(key)))
    }

    /// Changes the value, if the text can be read.
    fn edit(self, text: &str) {
        self.key.with_value(|key| self.store.edit(key, text));
    }

    /// The same from elsewhere than the input with the focus.
    fn replace(self, text: &str) {
        self.edit(text);
        self.restored.update(|count| *count += 1);
    }
}

/// One field: name, unit, editor, help, what is wrong with it, and the way back to its default.
#[component]
pub fn FieldView(field: Field) -> impl IntoView {
    let store = Store::get();
    let Field { key, name, help, unit, kind } = field;
    let binding = Binding::new(store, key);
    let id = binding.id();
    let (help_id, fault_id) = ([&id, "-help"].concat(), [&id, "-fault"].concat());
    let described = [help_id.as_str(), " ", &fault_id].concat();
    let fault = Memo::new(move |_| binding.key.with_value(|key| store.fault(key)));
    let standard = move |draft: &Option<Experiment>| binding.standard(draft);
    let is_changed = move || store.draft.with(standard).is_some_and(|standard| standard != binding.value.get());
    let changed = Memo::new(move |_| is_changed() || fault.with(Option::is_some));
    let field_id = id.clone();
    let reset = move |event| {
        if let Some(standard) = store.draft.with_untracked(standard) {
            store.mark_discrete();
            binding.replace(&standard);
        }
        go_on_from(&event, &field_id);
    };
    let open = RwSignal::new(false);
    // What can be chosen is seen in the list itself.
    let expected = (!matches!(kind, Kind::Choice(_))).then(|| kind.expected());
    let (label, title, about) = (name.clone(), name, help);
    let labelled = label.clone();
    let named = label.clone();
    let back = Memo::new(move |_| fill(store, "field.reset", &[("name", &say(store, &named))]));
    let is_group = matches!(kind, Kind::Demand | Kind::Schedule { .. } | Kind::Table { .. } | Kind::Transitions);
    let wide = is_group || matches!(kind, Kind::List { .. });
    let label_view = if is_group {
        view! { <span class="name" id=binding.label_id()>{move || say(store, &label)}</span> }.into_any()
    } else {
        view! { <label class="name" for=id.clone()>{move || say(store, &label)}</label> }.into_any()
    };
    if !is_group {
        mark(id.clone(), move || fault.with(Option::is_some));
    }
    // A table tells of each mistake beside its row.
    let is_told = matches!(kind, Kind::Transitions);
    let said = move || fault.get().filter(|fault| !is_told || store.errors.with(|errors| !errors.contains(fault)));
    let input = editor(kind, binding, described, labelled);
    view! {
        <div class="field" class:changed=move || changed.get() class:wide=wide>
            <div class="field-head">
                {label_view}
                <span class="unit">{move || say(store, &unit)}</span>
                <button class="icon help-button" type="button" aria-expanded=move || open.get().to_string() aria-controls=help_id.clone()
                    aria-label=move || fill(store, "field.help", &[("name", &say(store, &title))])
                    on:click=move |_| open.update(|open| *open = !*open)>"?"</button>
                <button class="icon reset-button" type="button" hidden=move || !changed.get()
                    aria-label=move || back.get() title=move || back.get() on:click=reset>"↺"</button>
            </div>
            {input}
            <p class="help" id=help_id hidden=move || !open.get()>
                {move || say(store, &about)} {move || gap(store)} <span class="range">{move || expected.as_ref().map(|expected| say(store, expected))}</span>
            </p>
            <p class="fault" id=fault_id role="alert">{move || said().map(|fault| i18n::fault(store, &fault.value, &fault.fault))}</p>
        </div>
    }
    .into_any()
}

fn editor(kind: Kind, binding: Binding, described: String, name: Words) -> AnyView {
    let store = binding.store;
    let Binding { value, restored, .. } = binding;
    match kind {
        Kind::Integer { min, max } => {
            let range = (min as f64, max as f64);
            view! { <Number binding described range whole=true/> }.into_any()
        }
        Kind::Number { min, max } => view! { <Number binding described range=(min, max) whole=false/> }.into_any(),
        Kind::Choice(options) => {
            let options = options
                .into_iter()
                .map(|(option, name)| {
                    let absent = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().is_some_and(|draft| !draft.offers(option))));
                    view! {
                        <option value=option prop:selected=move || value.get() == option hidden=move || absent.get() disabled=move || absent.get()>
                            {move || say(store, &name)}
                        </option>
                    }
                })
                .collect_view();
            let change = move |ev| {
                store.mark_discrete();
                binding.edit(&event_target_value(&ev));
            };
            view! { <select id=binding.id() aria-describedby=described on:change=change>{options}</select> }.into_any()
        }
        Kind::List { .. } => {
            let edit = Callback::new(move |text: String| binding.edit(&text));
            view! { <Text id=binding.id() described value restored edit/> }.into_any()
        }
        Kind::Demand => view! { <Family binding name families=family::DEMAND/> }.into_any(),
        Kind::Schedule { visits } => {
            let families = if visits { family::LEARNING_RATE } else { family::SCHEDULE };
            view! { <Family binding name families/> }.into_any()
        }
        Kind::Transitions => view! { <Transitions binding described name/> }.into_any(),
        Kind::Table { named, columns, min_columns, min_rows, max_rows } => {
            let rows = (min_rows as usize, max_rows as usize);
            view! { <TableEditor binding named columns narrowest=min_columns as usize rows/> }.into_any()
        }
    }
}
