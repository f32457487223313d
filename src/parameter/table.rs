//! Tables: rows of numbers, each with a name that may be left out.

use serde_json::{Value as Json, json};

use super::{Column, Kind, json_numbers};
use crate::invalid::{Invalid, no_such_field, shorten};
use crate::text::{exact_number, join_numbers, parse_number, plain_signs};
use crate::transitions::At;
use crate::typed;
use crate::words::Words;

/// What separates rows in the textual form. Names may contain the other marks, since numbers begin after the last colon.
const SEPARATOR: &str = ";";
/// Fields of a row in a file.
const FIELDS: [&str; 2] = ["name", "values"];

/// A row of a table parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Name of the row, for instance a product.
    pub name: Words,
    /// One number a column.
    pub numbers: Vec<f64>,
}

/// A row as it is typed: its name, then its numbers.
pub type Cells = Vec<String>;

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellFault {
    /// Row, from 0.
    pub row: usize,
    /// Place among [`Cells`]: 0 for the name.
    pub column: usize,
    /// What was given.
    value: Words,
    /// What is wrong and what is allowed.
    fault: Words,
}

impl CellFault {
    /// The fault as the refusal of the whole table.
    pub fn refusal(&self, key: &str, columns: &[Column]) -> Invalid {
        let name = words!("name", "名称");
        let column = self.column.checked_sub(1).and_then(|place| columns.get(place)).map_or(&name, |column| &column.name);
        let row = phrase!("Row {}, ", "第 {} 行，", self.row + 1);
        let pause = if self.value == Words::NONE { Words::NONE } else { Words::SEMICOLON };
        Invalid::new(key, "", Words::concat(&[&row, column, &Words::COLON, &self.value, &pause, &self.fault]))
    }
}

/// Everything that is wrong with the cells of a table: what is no number, or out of its column's range, a name that an earlier row has, and
/// one that no link could hold.
pub fn cell_faults(named: bool, columns: &[Column], rows: &[Cells]) -> Vec<CellFault> {
    let names: Vec<Words> = rows.iter().map(|cells| Words::parse(cells.first().map_or("", String::as_str))).collect();
    let unfit = |row: usize| {
        names[row].to_text().contains(SEPARATOR).then(|| CellFault {
            row,
            column: 0,
            value: Words::same(shorten(&names[row].to_text())),
            fault: words!("a name must not contain ; which separates rows", "名称不能含有 ;，它用于分隔各行"),
        })
    };
    let repeated = |row: usize| {
        let first = names[..row].iter().position(|name| named && name.reads_like(&names[row]))? + 1;
        Some(CellFault {
            row,
            column: 0,
            value: names[row].clone(),
            fault: phrase!("row {first} has this name too", "第 {first} 行已用此名称"),
        })
    };
    let mut faults = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        faults.extend(unfit(row).or_else(|| repeated(row)));
        for (column, (cell, allowed)) in (1..).zip(cells.iter().skip(1).zip(columns)) {
            faults.extend(allowed.read(cell).err().map(|fault| CellFault { row, column, value: Words::same(shorten(cell.trim())), fault }));
        }
    }
    faults
}

impl Column {
    /// A column with the smallest and the largest value of its cells.
    pub fn new(name: Words, min: f64, max: f64) -> Self {
        Self { name, min, max }
    }

    /// Reads a number; what is wrong with it names the column's range.
    fn read(&self, text: &str) -> Result<f64, Words> {
        let typed = plain_signs(text);
        let typed = typed.trim();
        let number = parse_number(typed);
        if let Some(fits) = number.filter(|x| (self.min..=self.max).contains(x)) {
            return Ok(fits);
        }
        let percent = typed.strip_suffix('%').and_then(|percent| parse_number(percent.trim()));
        let share = percent.or(number).map(|percent| (percent, percent / 100.0));
        let [min, max] = [self.min, self.max].map(exact_number);
        Err(match share.filter(|(_, share)| (self.min..=self.max).contains(share)) {
            Some((percent, share)) if self.max <= 1.0 => {
                let [percent, share] = [percent, share].map(exact_number);
                phrase!("from {min} to {max}, so {percent} % is {share}", "应为 {min} 到 {max}，{percent} % 写作 {share}")
            }
            _ if number.is_some() => phrase!("from {min} to {max}", "应为 {min} 到 {max}"),
            _ => typed::unread(text, &phrase!("a number from {min} to {max}", "应为 {min} 到 {max} 的数")),
        })
    }
}

/// Checks a table as it is typed or as it was read: rows, numbers in each, then every cell.
pub(super) fn check(key: &str, kind: &Kind, rows: &[Cells]) -> Result<(), Invalid> {
    let Kind::Table { named, columns, min_columns, min_rows, max_rows } = kind else { return Ok(()) };
    if !(*min_rows as usize..=*max_rows as usize).contains(&rows.len()) {
        return Err(Invalid::new(key, rows.len(), kind.expected()));
    }
    let first = rows.first().map_or(0, Vec::len);
    let width = first.clamp(*min_columns as usize + 1, columns.len() + 1);
    if let Some((row, cells)) = (1..).zip(rows).find(|(_, cells)| cells.len() != width) {
        let count = cells.len() - 1;
        // Every row has as many as the first, if that has as many as it may.
        let [wanted, wanted_zh] =
            if width == first { between(width - 1, width - 1) } else { between(*min_columns as usize, columns.len()) };
        return Err(Invalid::new(
            key,
            "",
            phrase!("Row {row}, numbers: {count}; there must be {wanted}", "第 {row} 行，数字个数：{count}；应为 {wanted_zh}"),
        ));
    }
    cell_faults(named.is_some(), columns, rows).first().map_or(Ok(()), |fault| Err(fault.refusal(key, columns)))
}

/// From a number to another, in English and in Chinese.
pub(super) fn between(least: usize, most: usize) -> [String; 2] {
    match least == most {
        true => [least.to_string(), least.to_string()],
        false => [format!("{least} to {most}"), format!("{least} 到 {most}")],
    }
}

/// The cells of a row.
pub(super) fn cells(row: &Row) -> Cells {
    std::iter::once(row.name.to_text()).chain(row.numbers.iter().map(|x| exact_number(*x))).collect()
}

/// Reads the textual form.
pub(super) fn parse(key: &str, kind: &Kind, text: &str) -> Result<Vec<Row>, Invalid> {
    let row = |text: &str| {
        let (name, numbers) = text.rsplit_once(':').unwrap_or(("", text));
        let numbers = plain_signs(numbers);
        let numbers = numbers.split(',').filter(|_| !numbers.trim().is_empty());
        std::iter::once(name).chain(numbers).map(str::to_owned).collect()
    };
    let rows: Vec<Cells> = text.split(SEPARATOR).map(row).collect();
    check(key, kind, &rows)?;
    let numbers = |cells: &Cells| cells[1..].iter().map(|cell| typed::number(key, cell)).collect::<Result<Vec<_>, _>>();
    rows.iter().map(|cells| Ok(Row { name: Words::parse(&cells[0]), numbers: numbers(cells)? })).collect()
}

/// The textual form that [`parse`] reads back.
pub(super) fn to_text(rows: &[Row]) -> String {
    let text = |row: &Row| {
        let (name, numbers) = (row.name.to_text(), join_numbers(&row.numbers));
        if name.is_empty() { numbers } else { format!("{name}:{numbers}") }
    };
    rows.iter().map(text).collect::<Vec<_>>().join(SEPARATOR)
}

/// Reads an array of `{"name", "values"}`, or of plain arrays of numbers.
pub(super) fn from_json(key: &str, kind: &Kind, json: &Json) -> Result<Vec<Row>, Invalid> {
    let misfit = || Invalid::new(key, json, kind.expected());
    let row = |(number, json): (u32, &Json)| {
        let fields = match json {
            Json::Array(_) => return Ok(Row { name: Words::NONE, numbers: json_numbers(json).ok_or_else(misfit)? }),
            json => json.as_object().ok_or_else(misfit)?,
        };
        if let Some(unknown) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
            return Err(At::row(key, number).refuse(unknown, no_such_field(&FIELDS)));
        }
        let name = fields.get("name").map_or(Some(""), Json::as_str).ok_or_else(misfit)?;
        let numbers = fields.get("values").map_or(Some(Vec::new()), json_numbers).ok_or_else(misfit)?;
        Ok(Row { name: Words::parse(name), numbers })
    };
    (1..).zip(json.as_array().ok_or_else(misfit)?).map(row).collect()
}

/// The form that [`from_json`] reads back.
pub(super) fn to_json(rows: &[Row]) -> Json {
    rows.iter().map(|row| json!({ "name": row.name.to_text(), "values": row.numbers })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language::{Chinese, English};

    fn offers() -> Kind {
        let column = |name, max| Column::new(name, 0.0, max);
        let columns = vec![column(words!("discount", "折让"), 0.95), column(words!("gift", "赠品成本"), 1e6)];
        Kind::Table { named: Some(Words::same), columns, min_columns: 1, min_rows: 1, max_rows: 3 }
    }

    #[test]
    fn a_bad_cell_is_named_with_its_row_and_column() {
        let said = |text| offers().parse("offers", text).unwrap_err();
        for (text, message) in [
            ("mail|普通广告:0,0;card:15,2", "offers: Row 2, discount: 15; from 0 to .95, so 15 % is .15"),
            ("mail:15%,0", "offers: Row 1, discount: 15%; from 0 to .95, so 15 % is .15"),
            ("mail:0,-1", "offers: Row 1, gift: -1; from 0 to 1000000"),
            ("mail:200,0", "offers: Row 1, discount: 200; from 0 to .95"),
            ("mail:.1,much", "offers: Row 1, gift: much; a number from 0 to 1000000"),
            ("mail:.1,", "offers: Row 1, gift: a number from 0 to 1000000"),
            ("mail:.1,0;card:0,5,0", "offers: Row 2, numbers: 3; there must be 2"),
            ("mail:.1,0;card:0", "offers: Row 2, numbers: 1; there must be 2"),
            ("a:0;b:0;c:0;d:0", "offers = 4: a table of 1 to 3 rows with 1 to 2 numbers each (ranges 0….95, 0…1000000)"),
            ("mail|邮件:0,0;b:0,0;mail:0,0", "offers: Row 3, name: mail; row 1 has this name too"),
        ] {
            assert_eq!(said(text).message(English), message);
        }
        assert_eq!(said("mail|普通广告:0,0;card:15,2").message(Chinese), "offers：第 2 行，折让：15；应为 0 到 .95，15 % 写作 .15");
        assert_eq!(said("b:0,0;b|乙:0,0").message(Chinese), "offers：第 2 行，名称：乙；第 1 行已用此名称");
        assert!(offers().parse("offers", ":0,0;:0,0").is_ok() && offers().parse("offers", "0,0;0,0").is_ok());
        let comma = vec![vec!["mail".to_owned(), "0,5".to_owned(), "0".to_owned()]];
        let Kind::Table { named, columns, .. } = offers() else { panic!() };
        let faults = cell_faults(named.is_some(), &columns, &comma);
        assert_eq!((faults.len(), faults[0].row, faults[0].column), (1, 0, 1));
        assert_eq!(
            faults[0].refusal("offers", &columns).message(English),
            "offers: Row 1, discount: 0,5; write decimals with a point: 0.5; a number from 0 to .95"
        );
        let file = offers().from_json("offers", &json!([{ "name": "mail", "values": [0, 0] }, { "name": "card", "values": [15, 0] }]));
        assert_eq!(file, Err(said("mail:0,0;card:15,0")));
        let empty = offers().from_json("offers", &json!([[], []])).unwrap_err();
        assert_eq!(empty.message(English), "offers: Row 1, numbers: 0; there must be 1 to 2");
        assert_eq!(empty.message(Chinese), "offers：第 1 行，数字个数：0；应为 1 到 2");
    }

    #[test]
    fn a_row_of_a_file_has_no_other_fields() {
        for (row, field) in [(json!({ "nom": "card", "values": [0, 0] }), "nom"), (json!({ "values": [0, 0], "extra": 7 }), "extra")] {
            let error = offers().from_json("offers", &json!([{ "name": "mail", "values": [0, 0] }, row])).unwrap_err();
            assert_eq!(error.message(English), format!("offers = {field}: row 2: no such field; there are name, values"));
            assert_eq!(error.message(Chinese), format!("offers = {field}：第 2 行：没有这个字段；可用的有 name, values"));
        }
        let twice = r#"{"retailq": 1, "preset": "menu", "parameters": {"offers": [{"name": "a", "name": "b", "values": [0, 0, 0]}]}}"#;
        assert_eq!(crate::json::read("file", twice).unwrap_err().key, "name");
    }

    #[test]
    fn awkward_names_read_back_or_are_refused() {
        let column = || Column::new(Words::NONE, -1.0, 1.0);
        let kind = Kind::Table { named: Some(Words::same), columns: vec![column(), column()], min_columns: 1, min_rows: 1, max_rows: 3 };
        let read = |json: &Json| from_json("phi", &kind, json).unwrap();
        let named = |name: &str| read(&json!([{ "name": name, "values": [1, -0.5] }]));
        for name in ["a,b", "a: b", "a:1,2", ":", "a|b|c", "a|", "|b", "|", " a | b ", "~2C", "100 %&=#+", "\"", "a\nb", "茶；", ""] {
            let rows = named(name);
            assert_eq!(kind.check("phi", &crate::parameter::Value::Table(rows.clone())), Ok(()));
            assert_eq!(parse("phi", &kind, &to_text(&rows)).unwrap(), rows, "{name:?}");
            assert_eq!(read(&to_json(&rows)), rows, "{name:?}");
        }
        assert_eq!((&named("a|")[0].name, &named("|b")[0].name), (&Words::same("a"), &Words::same("b")));
        for name in ["a;b", ";", "a|b;"] {
            let error = kind.from_json("phi", &json!([{ "name": "c", "values": [0] }, { "name": name, "values": [1] }])).unwrap_err();
            let said = format!("phi: Row 2, name: {name}; a name must not contain ; which separates rows");
            assert_eq!(error.message(English), said);
        }
    }
}
