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
use crate::config::Experiment;
use crate::parameter::{Kind, Parameter};
use crate::words::Words;

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

/// One field: name, unit, editor, help, what is wrong with it, and the way back to its default.
#[component]
pub fn FieldView(field: Field) -> impl IntoView {
    let store = Store::get();
    let Field { key, name, help, unit, kind } = field;
    let key = StoredValue::new(key);
    let id = key.with_value(|key| ["field-", key].concat());
    let (help_id, fault_id) = ([&id, "-help"].concat(), [&id, "-fault"].concat());
    let described = [help_id.as_str(), " ", &fault_id].concat();
    let standard = move |draft: &Option<Experiment>| draft.as_ref().and_then(|draft| key.with_value(|key| draft.standard_text(key)));
    let value = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().and_then(|draft| key.with_value(|key| draft.text(key)))));
    let value = Signal::derive(move || value.get().unwrap_or_default());
    let fault = Memo::new(move |_| key.with_value(|key| store.fault(key)));
    let changed =
        Memo::new(move |_| store.draft.with(standard).is_some_and(|standard| standard != value.get()) || fault.with(Option::is_some));
    // Counts resets: an input that shows something unreadable must then show the value again.
    let restored = RwSignal::new(0u32);
    let field_id = id.clone();
    let reset = move |event| {
        if let Some(standard) = store.draft.with_untracked(standard) {
            store.mark_discrete();
            key.with_value(|key| store.edit(key, &standard));
            restored.update(|count| *count += 1);
        }
        go_on_from(&event, &field_id);
    };
    let edit = Callback::new(move |text: String| key.with_value(|key| store.edit(key, &text)));
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
        view! { <span class="name" id=[&id, "-label"].concat()>{move || say(store, &label)}</span> }.into_any()
    } else {
        view! { <label class="name" for=id.clone()>{move || say(store, &label)}</label> }.into_any()
    };
    if !is_group {
        mark(id.clone(), move || fault.with(Option::is_some));
    }
    // A table tells of each mistake beside its row.
    let is_told = matches!(kind, Kind::Transitions);
    let said = move || fault.get().filter(|fault| !is_told || store.errors.with(|errors| !errors.contains(fault)));
    let input = editor(kind, id.clone(), described, labelled, value, restored, edit);
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

fn editor(
    kind: Kind,
    id: String,
    described: String,
    name: Words,
    value: Signal<String>,
    restored: RwSignal<u32>,
    edit: Callback<String>,
) -> AnyView {
    let store = Store::get();
    match kind {
        Kind::Integer { min, max } => {
            let range = (min as f64, max as f64);
            view! { <Number id described value restored edit range whole=true/> }.into_any()
        }
        Kind::Number { min, max } => view! { <Number id described value restored edit range=(min, max) whole=false/> }.into_any(),
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
                edit.run(event_target_value(&ev));
            };
            view! { <select id=id aria-describedby=described on:change=change>{options}</select> }.into_any()
        }
        Kind::List { .. } => view! { <Text id described value restored edit/> }.into_any(),
        Kind::Demand => view! { <Family id name value restored edit families=family::DEMAND/> }.into_any(),
        Kind::Schedule { visits } => {
            let families = if visits { family::LEARNING_RATE } else { family::SCHEDULE };
            view! { <Family id name value restored edit families/> }.into_any()
        }
        Kind::Transitions => view! { <Transitions id described name value restored edit/> }.into_any(),
        Kind::Table { named, columns, min_columns, min_rows, max_rows } => {
            let rows = (min_rows as usize, max_rows as usize);
            view! { <TableEditor id named columns narrowest=min_columns as usize rows value restored edit/> }.into_any()
        }
    }
}
