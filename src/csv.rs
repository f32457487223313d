//! Tables as text: comma-, semicolon- or tab-separated, as spreadsheets write and paste them (RFC 4180 quoting).

use std::borrow::Cow;

use crate::typed;

/// What a file begins with so that spreadsheets read it as UTF-8.
pub const MARK: char = '\u{feff}';

/// A row of a table with the line of the file it begins on, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Line of the file.
    pub line: u32,
    /// Cells, trimmed unless quoted.
    pub cells: Vec<String>,
}

/// Reads a table; empty lines are left out. Fails with the line on which a quote opens that never closes.
pub fn read(text: &str) -> Result<Vec<Record>, u32> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    read_separated(text, delimiter(text))
}

/// Reads a table whose cells are separated by a known mark, as [`read`] does; commas between tabs are decimal signs where one must be.
pub fn read_separated(text: &str, delimiter: char) -> Result<Vec<Record>, u32> {
    let mut reader = Reader { delimiter, line: 1, ..Reader::default() };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, reader.quote) {
            ('"', Quote::Open) if characters.peek() == Some(&'"') => {
                characters.next();
                reader.cell.push('"');
            }
            ('"', Quote::Open) => reader.quote = Quote::Closed,
            ('"', Quote::None) if reader.cell.trim().is_empty() => reader.open(),
            ('\r', quote) if quote != Quote::Open => {}
            ('\n', quote) => {
                if quote == Quote::Open {
                    reader.cell.push('\n');
                } else {
                    reader.end_record();
                }
                reader.line += 1;
            }
            (other, quote) if other == reader.delimiter && quote != Quote::Open => reader.end_cell(),
            (other, _) => reader.cell.push(other),
        }
    }
    if reader.quote == Quote::Open {
        return Err(reader.opened);
    }
    reader.end_record();
    if delimiter == '\t' {
        typed::write_points(&mut reader.records.iter_mut().flat_map(|record| &mut record.cells).collect::<Vec<_>>());
    }
    Ok(reader.records)
}

/// Writes a table with commas; what needs quotes gets them.
pub fn write<T: AsRef<str>>(rows: impl IntoIterator<Item = Vec<T>>) -> String {
    let quoted = |cell: &str| match cell.contains([',', ';', '\t', '"', '\n', '\r']) || cell.trim() != cell {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    };
    rows.into_iter().map(|row| row.iter().map(|cell| quoted(cell.as_ref())).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// A number as a cell: exact, with a point and without groups in every country; empty where it is not finite.
pub fn number(value: f64) -> String {
    match value {
        value if !value.is_finite() => String::new(),
        // A zero has no sign.
        0.0 => "0".to_owned(),
        value if !(1e-5..1e15).contains(&value.abs()) => format!("{value:e}"),
        value => format!("{value}"),
    }
}

/// A text as a cell that no spreadsheet takes for a formula.
pub fn inert(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What separates cells: whichever of tab, semicolon and comma is most frequent outside quotes on the first line that has any.
fn delimiter(text: &str) -> char {
    let count = |line: &str, mark: char| {
        let outside = line.split('"').step_by(2);
        outside.map(|piece| piece.matches(mark).count()).sum::<usize>()
    };
    let found = text.lines().find_map(|line| {
        let counts = [',', ';', '\t'].map(|mark| (count(line, mark), mark));
        counts.into_iter().max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0)
    });
    found.map_or(',', |(_, mark)| mark)
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Quote {
    #[default]
    None,
    Open,
    Closed,
}

#[derive(Default)]
struct Reader {
    delimiter: char,
    line: u32,
    /// Line on which the last quote opened.
    opened: u32,
    quote: Quote,
    cell: String,
    cells: Vec<String>,
    records: Vec<Record>,
}

impl Reader {
    fn open(&mut self) {
        self.cell.clear();
        self.quote = Quote::Open;
        self.opened = self.line;
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let cell = if self.quote == Quote::None { cell.trim().to_owned() } else { cell };
        // Where semicolons separate cells, they do so because the comma is the decimal sign.
        let decimal = (self.delimiter == ';').then(|| typed::decimal(&cell)).flatten();
        self.cells.push(decimal.unwrap_or(cell));
        self.quote = Quote::None;
    }

    fn end_record(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            let breaks = cells.iter().map(|cell| cell.matches('\n').count() as u32).sum::<u32>();
            self.records.push(Record { line: self.line - breaks, cells });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn spreadsheets_are_read() {
        let expected = [["a", "b c"], ["1", "2"]];
        for text in ["a,b c\n1,2", "\u{feff}a;b c\r\n1;2\r\n", " a \tb c\n\n\n1\t2\n", "\"a\",\"b c\"\n1,\"2\"\n"] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
        assert_eq!(cells("a;b\n0,5;-1,25\nx,y;1,2,3"), [["a", "b"], ["0.5", "-1.25"], ["x,y", "1,2,3"]]);
        assert_eq!(cells("a;b\n0,125;1,200"), [["a", "b"], ["0.125", "1,200"]]);
        assert_eq!(cells("a;b\n\"0,5\";2"), [["a", "b"], ["0.5", "2"]]);
        assert_eq!(cells("a\tb\n0,5\t1,200\nx,y\t2"), [["a", "b"], ["0.5", "1.200"], ["x,y", "2"]]);
        assert_eq!(cells("a\tb\n5\t1,200"), [["a", "b"], ["5", "1,200"]]);
        assert_eq!(cells("\"a, \"\"b\"\"\nc\",2"), [["a, \"b\"\nc", "2"]]);
        assert_eq!(cells("5\" disk,1"), [["5\" disk", "1"]]);
        assert_eq!(cells(",x,\n"), [["", "x", ""]]);
        assert!(cells("").is_empty());
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let records = read("a,b\n\n\"c\nd\",e\nf,g").unwrap();
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(read("a,b\nc,\"d\ne"), Err(2));
    }

    #[test]
    fn numbers_are_exact_and_texts_never_formulas() {
        for value in [0.1, -0.25, 1.0 / 3.0, 1e-7, 12_345_678.5, -1e20, 0.0, f64::MIN_POSITIVE] {
            let text = number(value);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            assert!(text.chars().all(|letter| letter.is_ascii_digit() || "-.e".contains(letter)), "{text}");
        }
        assert_eq!([number(f64::NAN), number(f64::NEG_INFINITY), number(0.5), number(-0.0)], ["", "", "0.5", "0"]);
        for text in ["=1+1", "+1", "-10 %", "@SUM(A1)", "\t=1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        assert_eq!(inert("order 3"), "order 3");
    }

    #[test]
    fn what_is_written_reads_back() {
        let rows = [vec!["a,b", " c", "say \"hi\""], vec!["", "line\nbreak", "d"]];
        assert_eq!(cells(&write(rows.clone())), rows);
    }
}
