//! Tables: rows of numbers, each with a name that may be left out.

use serde_json::{Value as Json, json};

use super::json_numbers;
use crate::invalid::Invalid;
use crate::text::join_numbers;
use crate::typed;
use crate::words::Words;

/// What separates rows in the textual form. Names may contain the other marks, since numbers begin after the last colon.
const SEPARATOR: &str = ";";

/// A row of a table parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Name of the row, for instance a product.
    pub name: Words,
    /// One number a column.
    pub numbers: Vec<f64>,
}

/// Reads the textual form.
pub(super) fn parse(key: &str, text: &str) -> Result<Vec<Row>, Invalid> {
    let row = |text: &str| {
        let (name, numbers) = text.rsplit_once(':').unwrap_or(("", text));
        let numbers = if numbers.trim().is_empty() { Vec::new() } else { typed::numbers(key, numbers)? };
        Ok(Row { name: Words::parse(name), numbers })
    };
    text.split(SEPARATOR).map(row).collect()
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
pub(super) fn from_json(json: &Json) -> Option<Vec<Row>> {
    let row = |json: &Json| {
        if json.is_array() {
            return Some(Row { name: Words::same(""), numbers: json_numbers(json)? });
        }
        let name = json.get("name").map_or(Some(""), Json::as_str)?;
        let numbers = json.get("values").map_or(Some(Vec::new()), json_numbers)?;
        Some(Row { name: Words::parse(name), numbers })
    };
    json.as_array()?.iter().map(row).collect()
}

/// The form that [`from_json`] reads back.
pub(super) fn to_json(rows: &[Row]) -> Json {
    rows.iter().map(|row| json!({ "name": row.name.to_text(), "values": row.numbers })).collect()
}

/// Refuses names that no link could hold.
pub(super) fn check_names(key: &str, rows: &[Row]) -> Result<(), Invalid> {
    let mut names = rows.iter().map(|row| row.name.to_text());
    let fault = words!("a name must not contain ; which separates rows", "名称不能含有 ;，它用于分隔各行");
    names.find(|name| name.contains(SEPARATOR)).map_or(Ok(()), |name| Err(Invalid::new(key, name, fault)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awkward_names_read_back_or_are_refused() {
        let named = |name: &str| from_json(&json!([{ "name": name, "values": [1, -0.5] }])).unwrap();
        for name in ["a,b", "a: b", "a:1,2", ":", "a|b|c", "a|", "|b", "|", " a | b ", "~2C", "100 %&=#+", "\"", "a\nb", "茶；", ""] {
            let rows = named(name);
            assert_eq!(check_names("phi", &rows), Ok(()));
            assert_eq!(parse("phi", &to_text(&rows)).unwrap(), rows, "{name:?}");
            assert_eq!(from_json(&to_json(&rows)).unwrap(), rows, "{name:?}");
        }
        assert_eq!((&named("a|")[0].name, &named("|b")[0].name), (&Words::same("a"), &Words::same("b")));
        for name in ["a;b", ";", "a|b;"] {
            let error = check_names("phi", &named(name)).unwrap_err();
            assert_eq!((error.key.as_str(), error.value.as_str()), ("phi", name));
        }
    }
}
