//! The table as it stands in an editor: five cells a row, readable or not.

use std::collections::BTreeMap;

use crate::csv;
use crate::order::sort;
use crate::text::exact_number;
use crate::transitions::{FIELDS, RowFault, TransitionRow, column_order, read_row, row_cells};
use crate::typed::amount;
use crate::words::{Language, Words};

use super::check::sums_to_one;
use super::faults;

/// State, action, probability, next state and reward, as they are typed.
pub type Cells = [String; FIELDS.len()];

/// A table under work; it has a row to write in at any time.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    rows: Vec<Cells>,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { rows: vec![Cells::default()] }
    }
}

/// Whether a column holds names, which may be in both languages, and whether those are of states.
fn names(column: usize) -> Option<bool> {
    [Some(true), Some(false), None, Some(true), None].get(column).copied().flatten()
}

/// Names in both languages, those of actions and those of states, by either of their halves.
#[derive(Default)]
struct Known([BTreeMap<String, String>; 2]);

impl Known {
    fn of(rows: &[Cells]) -> Self {
        let mut known = Self::default();
        rows.iter().for_each(|cells| (0..).zip(cells).for_each(|(column, cell)| known.add(column, cell)));
        known
    }

    fn add(&mut self, column: usize, cell: &str) {
        let Some(of_states) = names(column).filter(|_| cell.contains('|')) else { return };
        let known = &mut self.0[usize::from(of_states)];
        for half in cell.split('|') {
            if !known.contains_key(half) {
                known.insert(half.to_owned(), cell.to_owned());
            }
        }
    }

    /// The name that a text is half of, or else the text itself.
    fn whole(&self, column: usize, text: &str) -> String {
        names(column).and_then(|of_states| self.0[usize::from(of_states)].get(text)).map_or(text, String::as_str).to_owned()
    }
}

impl Sheet {
    /// The table of a problem.
    pub fn new(rows: &[TransitionRow]) -> Self {
        match rows {
            [] => Self::default(),
            rows => Self { rows: rows.iter().map(row_cells).collect() },
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is written anywhere.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().flatten().all(|cell| cell.trim().is_empty())
    }

    /// A cell for the eye: a name in one language.
    pub fn shown(&self, row: usize, column: usize, language: Language) -> String {
        let cell = self.rows.get(row).map_or("", |cells| cells[column].as_str());
        if names(column).is_some() { Words::parse(cell).get(language).to_owned() } else { cell.to_owned() }
    }

    /// Writes a cell. A name that the table knows in both languages is that name, in whichever it is written.
    pub fn set(&mut self, row: usize, column: usize, text: &str) {
        self.write(row, column, text, &mut Known::of(&self.rows));
    }

    fn write(&mut self, row: usize, column: usize, text: &str, known: &mut Known) {
        if let Some(cells) = self.rows.get_mut(row) {
            cells[column] = known.whole(column, text.trim());
            known.add(column, &cells[column]);
        }
    }

    /// Adds a row below another, for a further result of the same action.
    pub fn add_below(&mut self, row: usize) {
        let [state, action, ..] = self.rows.get(row).cloned().unwrap_or_default();
        let cells = [state, action, String::new(), String::new(), String::new()];
        self.rows.insert((row + 1).min(self.rows.len()), cells);
    }

    /// Removes a row.
    pub fn remove(&mut self, row: usize) {
        if row < self.rows.len() {
            self.rows.remove(row);
        }
        if self.rows.is_empty() {
            *self = Self::default();
        }
    }

    /// Fills cells from one on with what a spreadsheet copied, or takes the table over where that comes with its heading; gives the last row
    /// filled. Text of a single cell is left to the input.
    pub fn paste(&mut self, row: usize, column: usize, text: &str) -> Option<usize> {
        let text = text.trim_end_matches(['\r', '\n']);
        // A line with nothing to separate names a state in which the episode ends.
        let separators = |line: &str| line.matches([',', ';']).count();
        let is_row = |line: &str| separators(line) >= FIELDS.len() - 1;
        let is_table = |text: &str| text.lines().any(is_row) && text.lines().all(|line| is_row(line) || separators(line) == 0);
        let records = match (text.contains('\t'), text.contains('\n')) {
            (true, _) => csv::read_separated(text, '\t').ok()?,
            (false, _) if is_table(text) => csv::read(text).ok()?,
            (false, true) => csv::read_separated(text, '\t').ok()?,
            (false, false) => return None,
        };
        let records: Vec<Vec<String>> = records.into_iter().map(|record| record.cells).collect();
        let order = records.first().and_then(|first| column_order(first)).filter(|_| column == 0);
        if order.is_some() && row == 0 && records.len() > 1 {
            // A whole table, from its heading on, takes the place of the one that was there.
            self.rows.clear();
        }
        let records = records.into_iter().skip(usize::from(order.is_some()));
        // Looked up cell by cell, a large table would never be done.
        let mut known = Known::of(&self.rows);
        let mut last = row;
        for (place, record) in (row..).zip(records) {
            self.rows.resize(self.rows.len().max(place + 1), Cells::default());
            last = place;
            for target in column..FIELDS.len() {
                let source = order.map_or(target - column, |order| order[target]);
                if let Some(cell) = record.get(source) {
                    self.write(place, target, cell, &mut known);
                }
            }
            // What does not fit stays to be seen, and is found wrong: a decimal comma, perhaps.
            let room = FIELDS.len() - column;
            if order.is_none() && record.iter().skip(room).any(|cell| !cell.trim().is_empty()) {
                self.write(place, FIELDS.len() - 1, &record[room - 1..].join(","), &mut known);
            }
        }
        Some(last)
    }

    /// The table with the probabilities of each state and action scaled to sum to 1, be they rounded or counts; `None` where nothing changes.
    pub fn scaled(&self) -> Option<Self> {
        let mut sums: BTreeMap<(&str, &str), (u32, f64)> = BTreeMap::new();
        for [state, action, probability, ..] in self.rows.iter().filter(|cells| !cells[1].is_empty()) {
            // What cannot be read makes the sum unreadable too.
            let share = amount(probability).filter(|share| *share >= 0.0).unwrap_or(f64::NAN);
            sums.entry((state, action)).or_insert((0, 0.0)).1 += share;
        }
        let mut scaled = self.clone();
        let mut is_changed = false;
        for [state, action, probability, ..] in &mut scaled.rows {
            let sum = sums.get(&(state.as_str(), action.as_str())).map_or(1.0, |(_, sum)| *sum);
            if sum > 0.0 && sum.is_finite() && !sums_to_one(sum) {
                // The last place of a third is nothing to read.
                let share = amount(probability).unwrap_or(0.0) / sum;
                *probability = exact_number(libm::round(share * 1e15) / 1e15);
                is_changed = true;
            }
        }
        is_changed.then_some(scaled)
    }

    /// The table as a CSV file with a heading, readable or not.
    pub fn to_csv(&self) -> String {
        let rows = self.rows.iter().map(|cells| cells.iter().map(String::as_str).collect());
        csv::write([FIELDS.to_vec()].into_iter().chain(rows))
    }

    /// The rows, or everything that is wrong with them; empty rows are left out.
    pub fn read(&self, start_anywhere: bool) -> Result<Vec<TransitionRow>, Vec<RowFault>> {
        const MOST_FAULTS: usize = 100;
        let written = (1..).zip(&self.rows).filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        let (mut numbers, mut rows, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for (number, cells) in written {
            match read_row(number, cells) {
                Ok(row) => {
                    numbers.push(number);
                    rows.push(row);
                }
                Err(fault) if wrong.len() < MOST_FAULTS => wrong.push(fault),
                Err(_) => {}
            }
        }
        if wrong.is_empty() {
            let on_page = |fault: RowFault| RowFault { row: numbers.get(fault.row as usize - 1).copied().unwrap_or(1), ..fault };
            wrong = faults(&rows, start_anywhere).into_iter().map(on_page).collect();
            sort(&mut wrong, |a, b| a.row.cmp(&b.row));
        }
        if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transitions::parse;

    fn sheet() -> Sheet {
        Sheet::new(&parse("rows", "full|满,sell|卖,1/2,empty|空,3;full|满,sell|卖,.5,full|满,0;empty|空,order|订,1,full|满,-1").unwrap())
    }

    #[test]
    fn what_is_typed_is_read_or_marked_in_its_cell() {
        let mut sheet = sheet();
        assert_eq!(crate::transitions::from_csv("rows", &sheet.to_csv()), Ok(sheet.read(false).unwrap()));
        sheet.set(1, 2, ".6");
        let faults = sheet.read(false).unwrap_err();
        assert_eq!((faults.len(), faults[0].row, faults[0].field, faults[0].value.as_str()), (1, 1, 2, "1.1"));
        sheet.set(1, 2, "half");
        sheet.set(2, 4, "");
        let faults = sheet.read(false).unwrap_err();
        assert_eq!(faults.iter().map(|fault| (fault.row, fault.field)).collect::<Vec<_>>(), [(2, 2), (3, 4)]);
        assert!(Sheet::default().read(false).is_err() && Sheet::default().is_empty());
    }

    #[test]
    fn probabilities_and_counts_are_scaled_to_sum_to_one() {
        let mut sheet = Sheet::default();
        sheet.paste(0, 0, "a\tgo\t.33\tb\t1\na\tgo\t.33\tc\t1\na\tgo\t.33\ta\t1\nb\tgo\t30\ta\t1\nb\tgo\t70%\tc\t1\nb\tstay\tx\tc\t1\nc");
        let scaled = sheet.scaled().unwrap();
        let third = ".333333333333333";
        let written: Vec<_> = scaled.rows.iter().map(|cells| cells[2].as_str()).collect();
        assert_eq!(written, [third, third, third, ".977198697068404", ".022801302931596", "x", ""]);
        assert_eq!(scaled.scaled(), None);
        sheet.set(4, 2, "70");
        sheet.set(5, 2, "1");
        let scaled = sheet.scaled().unwrap();
        assert_eq!([&scaled.rows[3][2], &scaled.rows[4][2]], [".3", ".7"]);
        assert!(scaled.read(true).is_ok() && scaled.rows[0][3] == "b");
        assert_eq!(self::sheet().scaled(), None);
    }

    #[test]
    fn a_name_is_the_same_in_either_language() {
        let mut sheet = sheet();
        assert_eq!((sheet.shown(0, 0, Language::English), sheet.shown(0, 0, Language::Chinese)), ("full".to_owned(), "满".to_owned()));
        sheet.set(2, 3, "空");
        sheet.set(2, 1, "sell");
        assert_eq!(sheet.rows[2], ["empty|空", "sell|卖", "1", "empty|空", "-1"]);
        sheet.set(2, 1, "full");
        assert_eq!(sheet.rows[2][1], "full");
    }

    #[test]
    fn rows_come_and_go_and_faults_name_the_row_on_the_page() {
        let mut sheet = sheet();
        sheet.add_below(0);
        assert_eq!(sheet.rows[1], ["full|满", "sell|卖", "", "", ""]);
        assert_eq!(sheet.read(false).unwrap_err()[0].row, 2);
        sheet.remove(1);
        assert_eq!(sheet, self::sheet());
        sheet.add_below(0);
        (0..5).for_each(|column| sheet.set(1, column, ""));
        sheet.set(2, 2, ".4");
        assert_eq!(sheet.read(false).unwrap_err()[0].row, 1);
        (0..9).for_each(|_| sheet.remove(0));
        assert_eq!(sheet, Sheet::default());
    }

    #[test]
    fn a_large_table_is_pasted_row_by_row_and_not_by_all_rows_before() {
        const ROWS: usize = 50_000;
        let row = |number: usize| format!("s{}|状态{}\tgo|走\t1\ts{}\t{number}\n", number % 300, number % 300, (number + 1) % 300);
        let text: String = (0..ROWS).map(row).collect();
        let mut sheet = Sheet::default();
        assert_eq!(sheet.paste(0, 0, &text), Some(ROWS - 1));
        // A name pasted in both languages is known from then on.
        assert_eq!(sheet.rows[0][3], "s1");
        assert_eq!(
            sheet.rows[ROWS - 1],
            [
                format!("s{0}|状态{0}", (ROWS - 1) % 300),
                "go|走".to_owned(),
                "1".to_owned(),
                format!("s{0}|状态{0}", ROWS % 300),
                (ROWS - 1).to_string()
            ]
        );
        assert_eq!(sheet.paste(5, 1, "走\t.5\t状态7\nleave\t1\t走"), Some(6));
        assert_eq!((sheet.rows[5][1].as_str(), sheet.rows[5][3].as_str()), ("go|走", "s7|状态7"));
        assert_eq!((sheet.rows[6][1].as_str(), sheet.rows[6][3].as_str()), ("leave", "走"));
    }

    #[test]
    fn spreadsheets_are_pasted() {
        let expected = sheet();
        let cells = "full\tsell\t50%\tempty\t3\nfull\tsell\t0.5\tfull\t0\nempty\torder\t1\tfull\t-1\n";
        let mut pasted = Sheet::default();
        assert_eq!(pasted.paste(0, 0, cells), Some(2));
        assert_eq!(pasted.read(false).unwrap().len(), 3);
        let mut other = Sheet::default();
        other.paste(0, 0, "reward,probability,state,action,next\n3,.5,full,sell,empty\n0,.5,full,sell,full\n-1,1,empty,order,full");
        assert_eq!(other.read(false), pasted.read(false));
        // With its heading in the first cell, a table takes the place of the one before; without, or further down, it is written over it.
        let headed = format!("state\taction\tprobability\tnext\treward\n{cells}");
        let mut over = sheet();
        over.add_below(2);
        let mut whole = over.clone();
        assert_eq!(whole.paste(0, 0, &headed), Some(2));
        assert_eq!(whole, pasted);
        let (mut kept, mut lower) = (over.clone(), over.clone());
        kept.paste(0, 0, cells);
        lower.paste(1, 0, &headed);
        assert_eq!((kept.len(), lower.len(), lower.rows[0] == over.rows[0]), (4, 4, true));
        // Decimal commas and signs of currencies.
        let mut comma = Sheet::default();
        comma.paste(0, 0, "low\torder\t0,3\thigh\t€10,5\nlow\torder\t0,7\tlow\t1,200");
        assert_eq!([&comma.rows[0][2], &comma.rows[0][4], &comma.rows[1][4]], ["0.3", "10.5", "1.200"]);
        // A line with a state alone ends it, with commas as with tabs.
        let mut ends = Sheet::default();
        assert_eq!(ends.paste(0, 0, "low,wait,.5,low,1\nlow,wait,.5,gone,0\ngone"), Some(2));
        assert_eq!(ends.read(false).unwrap().len(), 3);
        // Into the middle: a column, and a block that makes the table longer.
        let mut column = expected.clone();
        assert_eq!(column.paste(1, 4, "7\n8"), Some(2));
        assert_eq!((column.rows[1][4].as_str(), column.rows[2][4].as_str(), column.len()), ("7", "8", 3));
        assert_eq!(column.paste(2, 3, "full\t-2\nempty\t-3"), Some(3));
        assert_eq!((column.rows[2][3].as_str(), column.rows[3][3].as_str(), column.len()), ("full|满", "empty|空", 4));
        assert_eq!(column.paste(0, 0, "one cell, no more"), None);
        // A decimal comma makes a column too many: nothing is lost, and the cell is found wrong.
        let mut comma = Sheet::default();
        comma.paste(0, 0, "low,order,1,high,0,7");
        assert_eq!(comma.rows[0], ["low", "order", "1", "high", "0,7"]);
        assert_eq!(comma.read(true).unwrap_err()[0].value, "0,7");
    }
}
