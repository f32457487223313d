//! Editor of named rows of numbers: products, customers, channels; with more or fewer columns where the table allows it.

use leptos::prelude::*;

use super::Binding;
use super::input::{Text, mark};
use crate::i18n::{fill, say, t};
use crate::store::Store;
use retailq::parameter::{CellFault, Cells, Column, Kind, Row, Value, cell_faults};
use retailq::text::exact_number;
use retailq::words::Words;

fn join(rows: &[Cells], named: bool) -> String {
    let row = |cells: &Cells| {
        let numbers = cells[1..].join(",");
        if named && !cells[0].is_empty() { [&cells[0], ":", &numbers].concat() } else { numbers }
    };
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

/// The table under work, and what can be done to it.
#[derive(Clone, Copy)]
struct Work {
    binding: Binding,
    /// What rows without a name are called, where rows have names.
    named: Option<fn(usize) -> Words>,
    columns: StoredValue<Vec<Column>>,
    /// The rows that run.
    rows: Memo<Vec<Row>>,
    /// What stands in the inputs; names keep both languages until they are written over.
    typed: RwSignal<Vec<Cells>>,
    faults: Memo<Vec<CellFault>>,
}

impl Work {
    fn new(binding: Binding, named: Option<fn(usize) -> Words>, columns: Vec<Column>) -> Self {
        let kind = Kind::Table { named, columns: columns.clone(), min_columns: 0, min_rows: 0, max_rows: u32::MAX };
        let rows = Memo::new(move |_| match binding.value.with(|text| kind.parse("", text)) {
            Ok(Value::Table(rows)) => rows,
            _ => Vec::new(),
        });
        let typed = RwSignal::new(Vec::<Cells>::new());
        Effect::new(move |_| {
            binding.restored.track();
            let text = binding.value.get();
            let full = text.split(';').zip(rows.get()).map(|(text, row)| {
                let name = text.rsplit_once(':').map_or("", |(name, _)| name).to_owned();
                std::iter::once(name).chain(row.numbers.iter().map(|x| exact_number(*x))).collect()
            });
            typed.set(full.collect());
        });
        let columns = StoredValue::new(columns);
        let faults = Memo::new(move |_| columns.with_value(|columns| typed.with(|rows| cell_faults(named.is_some(), columns, rows))));
        Self { binding, named, columns, rows, typed, faults }
    }

    /// Gives the table to the form once every cell is right; a comma in one that is wrong would shift the others.
    fn give(self, rows: &[Cells]) -> bool {
        let key = self.binding.key.get_value();
        let fault = self.columns.with_value(|columns| {
            let faults = cell_faults(self.named.is_some(), columns, rows);
            faults.first().map(|fault| fault.refusal(&key, columns))
        });
        let is_right = fault.is_none();
        match fault {
            None => self.binding.edit(&join(rows, self.named.is_some())),
            fault => self.binding.store.set_fault(&key, fault),
        }
        is_right
    }

    /// Changes the table otherwise than by writing in a cell.
    fn rearrange(self, change: impl FnOnce(&mut Vec<Cells>)) {
        let mut rows = self.typed.get_untracked();
        change(&mut rows);
        self.binding.store.mark_discrete();
        if self.give(&rows) {
            self.binding.restored.update(|count| *count += 1);
        }
    }

    fn write(self, row: usize, column: usize, text: String) {
        self.typed.update(|rows| {
            if let Some(cell) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                *cell = text;
            }
        });
        self.give(&self.typed.get_untracked());
    }

    /// One row more, like the last, under a name of its own.
    fn add(self) {
        self.rearrange(|rows| {
            let Some(mut last) = rows.last().cloned() else { return };
            if self.named.is_some() {
                let new = |number: usize| fill(self.binding.store, "table.new", &[("number", &number.to_string())]);
                let is_free = |name: &String| !rows.iter().any(|cells| Words::parse(&cells[0]).reads_like(&Words::same(name)));
                last[0] = (rows.len() + 1..).map(new).find(is_free).unwrap_or_default();
            }
            rows.push(last);
        });
    }

    fn remove(self, row: usize) {
        self.rearrange(|rows| {
            if row < rows.len() {
                rows.remove(row);
            }
        });
    }

    /// As many columns of numbers, new ones full of zeros.
    fn resize(self, columns: usize) {
        self.rearrange(|rows| rows.iter_mut().for_each(|cells| cells.resize(columns + 1, "0".to_owned())));
    }
}

/// The editor: one line a row, with ways to add and remove one, and a column.
#[component]
pub fn TableEditor(
    binding: Binding,
    named: Option<fn(usize) -> Words>,
    columns: Vec<Column>,
    narrowest: usize,
    rows: (usize, usize),
) -> impl IntoView {
    let store = binding.store;
    let ((fewest, most), widest) = (rows, columns.len());
    let work = Work::new(binding, named, columns);
    let count = Memo::new(move |_| work.rows.with(Vec::len));
    let width = Memo::new(move |_| work.rows.with(|rows| rows.first().map_or(widest, |row| row.numbers.len())));
    let head = move || {
        let names = work.columns.with_value(|columns| columns.iter().take(width.get()).map(|it| say(store, &it.name)).collect::<Vec<_>>());
        let cells = names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
        view! { {named.map(|_| view! { <th scope="col">{t(store, "table.name")}</th> })} {cells} <td></td> }
    };
    let body = move || (0..count.get()).map(|row| line(work, row, width.get(), count.get() > fewest)).collect_view();
    // Not inside the view: there a > would end the tag.
    let full = move || count.get() >= most;
    let (at_widest, at_narrowest) = (move || width.get() >= widest, move || width.get() <= narrowest);
    let fixed = narrowest == widest;
    view! {
        <div class="table-editor" class:named=named.is_some() role="group" aria-labelledby=binding.label_id()>
            <div class="scrolling"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>
            <div class="row">
                <button class="small" type="button" disabled=full on:click=move |_| work.add()>{move || t(store, "table.add")}</button>
                <button class="small" type="button" hidden=fixed disabled=at_widest
                    on:click=move |_| work.resize(width.get_untracked() + 1)>{move || t(store, "table.wider")}</button>
                <button class="small" type="button" hidden=fixed disabled=at_narrowest
                    on:click=move |_| work.resize(width.get_untracked() - 1)>{move || t(store, "table.narrower")}</button>
            </div>
        </div>
    }
    .into_any()
}

/// A row: its name, if rows have names, its numbers, and the way to remove it.
fn line(work: Work, row: usize, width: usize, removable: bool) -> AnyView {
    let store = work.binding.store;
    let number = (row + 1).to_string();
    let cells: Vec<_> = (usize::from(work.named.is_none())..=width).map(|column| cell(work, row, column)).collect();
    view! {
        <tr>{cells}<td><button class="icon" type="button" disabled=!removable on:click=move |_| work.remove(row)
            aria-label=move || fill(store, "table.remove", &[("row", &number)])>"×"</button></td></tr>
    }
    .into_any()
}

fn cell(work: Work, row: usize, column: usize) -> AnyView {
    let Work { binding, named, columns, rows, typed, faults } = work;
    let store = binding.store;
    let wrong = move || faults.with(|faults| faults.iter().any(|fault| (fault.row, fault.column) == (row, column)));
    // What is wrong stays to be seen as it was written.
    let value = Signal::derive(move || match wrong() {
        true => typed.with(|rows| rows.get(row).and_then(|cells| cells.get(column).cloned()).unwrap_or_default()),
        false => rows.with(|rows| rows.get(row).map_or_else(String::new, |row| shown(store, row, column))),
    });
    let label = Signal::derive(move || {
        let name = |columns: &Vec<Column>| column.checked_sub(1).and_then(|place| Some(say(store, &columns.get(place)?.name)));
        let heading = columns.with_value(name).unwrap_or_else(|| t(store, "table.name").to_owned());
        fill(store, "table.cell", &[("row", &(row + 1).to_string()), ("column", &heading)])
    });
    // A row without a name is called something all the same.
    let nameless = named.filter(|_| column == 0);
    let placeholder = Signal::derive(move || nameless.map(|called| say(store, &called(row))).unwrap_or_default());
    let id = format!("{}-{row}-{column}", binding.id());
    mark(id.clone(), wrong);
    let edit = Callback::new(move |text: String| work.write(row, column, text));
    view! { <td class:faulty=wrong><Text id label placeholder value restored=binding.restored edit numeric=column != 0/></td> }.into_any()
}

fn shown(store: Store, row: &Row, column: usize) -> String {
    match column {
        0 => say(store, &row.name),
        column => row.numbers.get(column - 1).map(|x| exact_number(*x)).unwrap_or_default(),
    }
}
