//! Editor of named rows of numbers: products, customers, channels; with more or fewer columns where the table allows it.

use leptos::prelude::*;

use super::input::{Text, mark};
use crate::i18n::{fill, say, t};
use crate::parameter::{Cells, Column, Kind, Row, Value, cell_faults};
use crate::store::Store;
use crate::text::exact_number;
use crate::words::Words;

fn join(rows: &[Cells], named: bool) -> String {
    let row = |cells: &Cells| {
        let numbers = cells[1..].join(",");
        if named && !cells[0].is_empty() { [&cells[0], ":", &numbers].concat() } else { numbers }
    };
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

/// The editor: one line a row, with ways to add and remove one, and a column.
#[component]
pub fn TableEditor(
    id: String,
    named: Option<fn(usize) -> Words>,
    columns: Vec<Column>,
    narrowest: usize,
    rows: (usize, usize),
    value: Signal<String>,
    restored: RwSignal<u32>,
    edit: Callback<String>,
) -> impl IntoView {
    let store = Store::get();
    let (fewest, most) = rows;
    let widest = columns.len();
    let kind = Kind::Table { named, columns: columns.clone(), min_columns: 0, min_rows: 0, max_rows: u32::MAX };
    let parsed = Memo::new(move |_| match value.with(|text| kind.parse("", text)) {
        Ok(Value::Table(rows)) => rows,
        _ => Vec::new(),
    });
    // What stands in the inputs; names keep both languages until they are written over.
    let typed = RwSignal::new(Vec::<Cells>::new());
    Effect::new(move |_| {
        restored.track();
        let text = value.get();
        let full = text.split(';').zip(parsed.get()).map(|(text, row)| {
            let name = text.rsplit_once(':').map_or("", |(name, _)| name).to_owned();
            std::iter::once(name).chain(row.numbers.iter().map(|x| exact_number(*x))).collect()
        });
        typed.set(full.collect());
    });
    let limits = StoredValue::new(columns.clone());
    let wrong_cells = move |rows: &[Cells]| limits.with_value(|columns| cell_faults(named.is_some(), columns, rows));
    let faults = Memo::new(move |_| typed.with(|rows| wrong_cells(rows)));
    let key = id.trim_start_matches("field-").to_owned();
    // Gives the table to the form once every cell is right; a comma in one that is wrong would shift the others.
    let give = Callback::new(move |rows: Vec<Cells>| {
        let refused = wrong_cells(&rows).first().map(|fault| limits.with_value(|columns| fault.refusal(&key, columns)));
        let is_right = refused.is_none();
        match refused {
            None => edit.run(join(&rows, named.is_some())),
            Some(fault) => store.errors.update(|errors| {
                errors.retain(|error| error.key != key);
                errors.push(fault);
            }),
        }
        is_right
    });
    let write = move |row: usize, column: usize, text: String| {
        typed.update(|rows| {
            if let Some(cell) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                *cell = text;
            }
        });
        give.run(typed.get_untracked());
    };
    let add = move |_: leptos::ev::MouseEvent| {
        let mut rows = typed.get_untracked();
        if let Some(mut last) = rows.last().cloned() {
            if named.is_some() {
                let new = |number: usize| fill(store, "table.new", &[("number", &number.to_string())]);
                let is_free = |name: &String| !rows.iter().any(|cells| Words::parse(&cells[0]).reads_like(&Words::same(name)));
                last[0] = (rows.len() + 1..).map(new).find(is_free).unwrap_or_default();
            }
            rows.push(last);
            store.mark_discrete();
            give.run(rows);
        }
    };
    let remove = move |row: usize| {
        let mut rows = typed.get_untracked();
        if row < rows.len() {
            rows.remove(row);
            store.mark_discrete();
            if give.run(rows) {
                restored.update(|count| *count += 1);
            }
        }
    };
    let count = Memo::new(move |_| parsed.with(Vec::len));
    let width = Memo::new(move |_| parsed.with(|rows| rows.first().map_or(widest, |row| row.numbers.len())));
    let resize = move |columns: usize| {
        let mut rows = typed.get_untracked();
        rows.iter_mut().for_each(|cells| cells.resize(columns + 1, "0".to_owned()));
        store.mark_discrete();
        if give.run(rows) {
            restored.update(|count| *count += 1);
        }
    };
    let full = move || count.get() >= most;
    let names: Vec<_> = columns.into_iter().map(|column| column.name).collect();
    let heads = names.clone();
    let head = move || {
        let cells = heads.iter().take(width.get()).map(|name| view! { <th scope="col">{say(store, name)}</th> });
        view! { {named.map(|_| view! { <th scope="col">{t(store, "table.name")}</th> })} {cells.collect_view()} <td></td> }
    };
    let body = {
        let id = id.clone();
        move || {
            let removable = count.get() > fewest;
            let line = |row: usize| {
                let cell = |column: usize| {
                    let shown =
                        Signal::derive(move || parsed.with(|rows| rows.get(row).map_or_else(String::new, |row| shown(store, row, column))));
                    let heading = (column > 0).then(|| names.get(column - 1).cloned()).flatten();
                    let label = Signal::derive(move || {
                        let heading = heading.as_ref().map_or_else(|| t(store, "table.name").to_owned(), |name| say(store, name));
                        fill(store, "table.cell", &[("row", &(row + 1).to_string()), ("column", &heading)])
                    });
                    let id = format!("{id}-{row}-{column}");
                    let edit = Callback::new(move |text: String| write(row, column, text));
                    // A row without a name is called something all the same.
                    let nameless = named.filter(|_| column == 0);
                    let placeholder = Signal::derive(move || nameless.map(|called| say(store, &called(row))).unwrap_or_default());
                    let wrong = move || faults.with(|faults| faults.iter().any(|fault| (fault.row, fault.column) == (row, column)));
                    mark(id.clone(), wrong);
                    view! { <td class:faulty=wrong><Text id label placeholder value=shown restored edit numeric=column != 0/></td> }
                };
                let cells: Vec<_> = (usize::from(named.is_none())..=width.get()).map(cell).collect();
                let number = (row + 1).to_string();
                view! {
                    <tr>{cells}<td><button class="icon" type="button" disabled=!removable on:click=move |_| remove(row)
                        aria-label=move || fill(store, "table.remove", &[("row", &number)])>"×"</button></td></tr>
                }
            };
            (0..count.get()).map(line).collect_view()
        }
    };
    // Not inside the view: there a > would end the tag.
    let (at_widest, at_narrowest) = (move || width.get() >= widest, move || width.get() <= narrowest);
    let fixed = narrowest == widest;
    view! {
        <div class="table-editor" class:named=named.is_some() role="group" aria-labelledby=[&id, "-label"].concat()>
            <div class="scrolling"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>
            <div class="row">
                <button class="small" type="button" disabled=full on:click=add>{move || t(store, "table.add")}</button>
                <button class="small" type="button" hidden=fixed disabled=at_widest
                    on:click=move |_| resize(width.get_untracked() + 1)>{move || t(store, "table.wider")}</button>
                <button class="small" type="button" hidden=fixed disabled=at_narrowest
                    on:click=move |_| resize(width.get_untracked() - 1)>{move || t(store, "table.narrower")}</button>
            </div>
        </div>
    }
    .into_any()
}

fn shown(store: Store, row: &Row, column: usize) -> String {
    match column {
        0 => say(store, &row.name),
        column => row.numbers.get(column - 1).map(|x| exact_number(*x)).unwrap_or_default(),
    }
}
