//! The table of one's own problem: a grid to write and paste in, its files, and what is wrong with it beside the row.

mod files;
mod grid;

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use self::files::Files;
use self::grid::Grid;
use super::Binding;
use crate::focus::go_on_from;
use crate::i18n::{fill, gap, say, t, told};
use retailq::config::Experiment;
use retailq::environment::custom::{Sheet, ends};
use retailq::transitions::{RowFault, parse, to_text};
use retailq::words::Words;

/// Rows shown at once: a long table is read page by page, and never slows the page down.
const PAGE: usize = 20;
/// Rows from which on reading waits until the visitor pauses, and for how many milliseconds.
const LONG: usize = 500;
const PAUSE: u64 = 400;

/// The table under work, and what can be done to it.
#[derive(Clone, Copy)]
struct Work {
    binding: Binding,
    sheet: RwSignal<Sheet>,
    faults: RwSignal<Vec<RowFault>>,
    /// What is wrong with the file just opened.
    misread: RwSignal<Option<Words>>,
    /// First row of the page shown.
    first: RwSignal<usize>,
    /// Counts changes that come from elsewhere than the input with the focus.
    renewed: RwSignal<u32>,
    /// The text last given to the form.
    given: StoredValue<String>,
    /// The cell last written in: all its letters are one step that can be undone.
    writing: StoredValue<Option<(usize, usize)>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Work {
    /// An empty table, which takes the form's and any that comes from elsewhere later.
    fn new(binding: Binding) -> Self {
        let work = Self {
            binding,
            sheet: RwSignal::new(Sheet::default()),
            faults: RwSignal::new(Vec::new()),
            misread: RwSignal::new(None),
            first: RwSignal::new(0),
            renewed: RwSignal::new(0),
            given: StoredValue::new(String::new()),
            writing: StoredValue::new(None),
            waiting: StoredValue::new(None),
        };
        Effect::new(move |seen: Option<u32>| {
            let (text, count) = (binding.value.get(), binding.restored.get());
            if seen != Some(count) || work.given.with_value(|given| *given != text) {
                work.take(text);
            }
            count
        });
        on_cleanup(move || {
            work.cease();
            work.remember();
        });
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            // A table that makes no sense yet is in no link.
            if work.faults.with_untracked(|faults| !faults.is_empty()) {
                event.prevent_default();
            }
        });
        on_cleanup(move || leaving.remove());
        work
    }

    /// The table of the form, wherever it comes from: a preset, a link, Back. The one it takes the place of can be had back.
    fn take(self, text: String) {
        let rows = parse("", &text).unwrap_or_default();
        self.given.set_value(text);
        self.remember();
        self.sheet.set(Sheet::new(&rows));
        self.find(Vec::new());
        self.misread.set(None);
        self.cease();
        self.first.set(0);
        self.renewed.update(|count| *count += 1);
    }

    /// Keeps the table as it is, to come back to.
    fn remember(self) {
        self.writing.set_value(None);
        // Also done where the editor goes, and all that is its own with it.
        if let Some(sheet) = self.sheet.try_get_untracked() {
            self.binding.store.tables.update(|tables| tables.push(sheet));
        }
    }

    /// Back to the table before the last change.
    fn undo(self) {
        let current = self.sheet.get_untracked();
        let Some(Some(sheet)) = self.binding.store.tables.try_update(|tables| tables.pop(&current)) else { return };
        self.writing.set_value(None);
        self.rearranged(|now| *now = sheet);
    }

    /// Writes in a cell.
    fn write(self, row: usize, column: usize, text: &str) {
        if self.writing.get_value() != Some((row, column)) {
            self.remember();
            self.writing.set_value(Some((row, column)));
        }
        self.change(|sheet| sheet.set(row, column, text));
    }

    /// Keeps what is wrong for all to see: while anything is, the problem that runs is not that of the table.
    fn find(self, faults: Vec<RowFault>) {
        let key = self.binding.key.get_value();
        self.binding.store.set_fault(&key, faults.first().map(|fault| fault.refusal(&key)));
        self.faults.set(faults);
    }

    /// Changes the table, and gives it to the form once it makes sense.
    fn change(self, change: impl FnOnce(&mut Sheet)) {
        self.sheet.update(change);
        self.misread.set(None);
        self.cease();
        if self.sheet.with_untracked(Sheet::len) < LONG {
            return self.read();
        }
        let handle = set_timeout_with_handle(move || self.read(), Duration::from_millis(PAUSE));
        self.waiting.set_value(handle.ok());
    }

    /// Waits for no pause any more.
    fn cease(self) {
        if let Some(handle) = self.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn read(self) {
        let anywhere =
            self.binding.store.draft.with_untracked(|draft| {
                draft.as_ref().is_some_and(|draft| draft.problem.choice("start").is_ok_and(|start| start == "any"))
            });
        match self.sheet.with_untracked(|sheet| sheet.read(anywhere)) {
            Err(faults) => self.find(faults),
            Ok(rows) => {
                self.find(Vec::new());
                let text = to_text(&rows);
                self.given.set_value(text.clone());
                self.binding.edit(&text);
            }
        }
    }

    /// Changes which rows there are, as one step that can be undone.
    fn rearrange(self, change: impl FnOnce(&mut Sheet)) {
        self.remember();
        self.rearranged(change);
    }

    fn rearranged(self, change: impl FnOnce(&mut Sheet)) {
        self.binding.store.mark_discrete();
        self.change(change);
        let last = self.sheet.with_untracked(Sheet::len).saturating_sub(1);
        self.first.update(|first| *first = (*first).min(last / PAGE * PAGE));
        self.renewed.update(|count| *count += 1);
    }

    /// Shows the page that a row is on.
    fn turn_to(self, row: usize) {
        let first = row / PAGE * PAGE;
        if self.first.get_untracked() != first {
            self.first.set(first);
        }
    }
}

/// The editor, in its place or enlarged over the page.
#[component]
pub fn Transitions(binding: Binding, described: String, name: Words) -> impl IntoView {
    let store = binding.store;
    let work = Work::new(binding);
    let count = Memo::new(move |_| work.sheet.with(Sheet::len));
    let label = binding.label_id();
    let (frame, large) = (NodeRef::<html::Dialog>::new(), RwSignal::new(false));
    let enlarge = move |_| {
        let Some(frame) = frame.get_untracked() else { return };
        if large.get_untracked() {
            return frame.close();
        }
        frame.set_open(false);
        large.set(frame.show_modal().is_ok());
        frame.set_open(true);
    };
    let shrunk = move |_| {
        large.set(false);
        if let Some(frame) = frame.get_untracked() {
            frame.set_open(true);
        }
    };
    let size = move || if large.get() { t(store, "grid.shrink") } else { t(store, "grid.enlarge") };
    view! {
        <dialog class="grid-frame" node_ref=frame open=true aria-labelledby=label.clone() on:close=shrunk>
        <div class="grid-editor" role="group" aria-labelledby=label.clone() aria-describedby=described>
            <div class="row">
                <button class="small" type="button" on:click=enlarge>{size}</button>
                <Files work/>
            </div>
            <p class="fault" role="alert">{move || work.misread.get().map(|fault| say(store, &fault))}</p>
            <p class="fault" role="status">{move || wrong(work)}</p>
            <Grid work id=binding.id() name/>
            <div class="row grid-foot">
                <button class="small" type="button" on:click=move |_| {
                    let last = count.get_untracked().saturating_sub(1);
                    work.rearrange(|sheet| sheet.add_below(last));
                    grid::focus(work, last + 1, 0);
                }>{move || t(store, "grid.add")}</button>
                <Pager work count/>
            </div>
            <p class="note">{move || ending(work)} {move || gap(store)} {move || t(store, "grid.keys")}</p>
        </div>
        </dialog>
    }
    .into_any()
}

/// What is wrong with the table as a whole, and the ways to put it right.
fn wrong(work: Work) -> Option<AnyView> {
    let store = work.binding.store;
    let faults = work.faults.get();
    let Some(first) = faults.first().map(|fault| fault.row as usize) else {
        // Rows that are right by themselves may still make a reward without end.
        let discount = move |event| {
            store.mark_discrete();
            store.edit("discount", ".95");
            go_on_from(&event, "field-discount");
        };
        return store.fault("discount").map(|fault| {
            view! {
                <span>{told(store, &fault)}</span> " "
                <button id="grid-discount" class="link" type="button" on:click=discount>{t(store, "grid.discount")}</button>
            }
            .into_any()
        });
    };
    let said = fill(store, "grid.wrong", &[("count", &faults.len().to_string())]);
    let go = fill(store, "grid.go", &[("row", &first.to_string())]);
    let can_scale = work.sheet.with_untracked(|sheet| sheet.scaled().is_some());
    let scale = move |_| {
        if let Some(scaled) = work.sheet.with_untracked(Sheet::scaled) {
            work.rearrange(|sheet| *sheet = scaled);
            grid::focus(work, first - 1, 2);
        }
    };
    let view = view! {
        {said} {gap(store)} <button class="link" type="button" on:click=move |_| grid::focus(work, first - 1, 0)>{go}</button> " "
        <button id="grid-scale" class="link" type="button" hidden=!can_scale title=t(store, "grid.scale.title") on:click=scale>{t(store, "grid.scale")}</button>
    };
    Some(view.into_any())
}

/// In which states an episode of the table ends; of one that cannot be read there is nothing to say.
fn ending(work: Work) -> String {
    let store = work.binding.store;
    if work.faults.with(|faults| !faults.is_empty()) {
        return String::new();
    }
    let ends = |draft: &Option<Experiment>| draft.as_ref().and_then(|draft| draft.problem.transitions("rows").ok().map(ends));
    let quoted = |name: &Words| fill(store, "grid.end", &[("state", &say(store, name))]);
    let names: Vec<String> = store.draft.with(ends).unwrap_or_default().iter().map(quoted).collect();
    match names.is_empty() {
        true => t(store, "grid.endless").to_owned(),
        false => fill(store, "grid.ends", &[("states", &names.join(" "))]),
    }
}

/// Which rows are shown, and the way to others.
#[component]
fn Pager(work: Work, count: Memo<usize>) -> impl IntoView {
    let store = work.binding.store;
    let last = move || (work.first.get() + PAGE).min(count.get());
    let shown = move || {
        let [from, to, all] = [work.first.get() + 1, last(), count.get()].map(|row| row.to_string());
        fill(store, "grid.rows", &[("from", &from), ("to", &to), ("count", &all)])
    };
    let (at_start, at_end) = (move || (work.first.get() == 0).to_string(), move || (last() == count.get()).to_string());
    let turn = move |to: usize| work.first.set(to.min(count.get_untracked().saturating_sub(1) / PAGE * PAGE));
    view! {
        <div class="pager" hidden=move || count.get() <= PAGE>
            <button type="button" aria-label=move || t(store, "grid.first") aria-disabled=at_start on:click=move |_| turn(0)>"«"</button>
            <button type="button" aria-label=move || t(store, "grid.back") aria-disabled=at_start
                on:click=move |_| turn(work.first.get_untracked().saturating_sub(PAGE))>"‹"</button>
            <span role="status">{shown}</span>
            <button type="button" aria-label=move || t(store, "grid.next") aria-disabled=at_end
                on:click=move |_| turn(work.first.get_untracked() + PAGE)>"›"</button>
            <button type="button" aria-label=move || t(store, "grid.last") aria-disabled=at_end
                on:click=move |_| turn(usize::MAX)>"»"</button>
        </div>
    }
    .into_any()
}
