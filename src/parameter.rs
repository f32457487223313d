//! What a visitor can change about a problem, declared once.
//!
//! A [`Parameter`] says how a number, choice, list or table is called, what it means, its unit, range and default. The form, the
//! link, the experiment file and the validation all read this declaration; nothing about a parameter is said anywhere else.
//!
//! Every value has one textual form, used in links, in fields and in presets: `4`, `lost_sales`, `.3,.2,.15`, `poisson:5:20`, and for
//! tables rows separated by `;` with an optional name: `Comedy:3.6,.66;Thriller:3.8,.6`.

mod table;

use crate::demand::Demand;
use crate::invalid::Invalid;
use crate::schedule::Schedule;
use crate::text::{exact_number, join_numbers, plain_signs};
use crate::transitions::{self, TransitionRow};
use crate::typed;
use crate::words::Words;

pub use table::{CellFault, Cells, Row, cell_faults};

/// Which part of the Markov decision process a parameter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// State factors and their levels.
    State,
    /// What can be decided.
    Action,
    /// Margins, costs, satisfaction.
    Reward,
    /// Probabilities, demand, competitors.
    Transition,
    /// How the problem is learned.
    Learner,
}

/// One thing that can be changed.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name in links and files: short, lower case.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
    /// What it means and what a larger value does.
    pub help: Words,
    /// Unit, empty where there is none.
    pub unit: Words,
    /// The part of the problem it belongs to.
    pub group: Group,
    /// Type and range.
    pub kind: Kind,
    /// Default in its textual form.
    pub default: &'static str,
}

/// A column of a table parameter.
#[derive(Clone, Debug)]
pub struct Column {
    /// Heading.
    pub name: Words,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Type and range of a parameter.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A whole number.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A real number.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// One of a few named options.
    Choice(Vec<(&'static str, Words)>),
    /// A list of numbers, such as response probabilities by recency.
    List {
        /// Fewest entries.
        min_count: u32,
        /// Most entries.
        max_count: u32,
        /// Smallest entry.
        min: f64,
        /// Largest entry.
        max: f64,
    },
    /// A distribution of demand in a period.
    Demand,
    /// A rate that may change over training.
    Schedule {
        /// Whether it may depend on the visits of a pair.
        visits: bool,
    },
    /// Named rows of numbers, such as the products that can be recommended.
    Table {
        /// What a row is called, counted from 0, that the visitor gave no name; `None` where rows have none to give.
        named: Option<fn(usize) -> Words>,
        /// The columns; a table may have fewer trailing columns than these, the same in every row.
        columns: Vec<Column>,
        /// Fewest columns.
        min_columns: u32,
        /// Fewest rows.
        min_rows: u32,
        /// Most rows.
        max_rows: u32,
    },
    /// A whole decision problem, row by row.
    Transitions,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole or real number.
    Number(f64),
    /// The key of an option.
    Choice(String),
    /// A list of numbers.
    List(Vec<f64>),
    /// A distribution of demand.
    Demand(Demand),
    /// A rate by episode.
    Schedule(Schedule),
    /// A table.
    Table(Vec<Row>),
    /// A decision problem, row by row.
    Transitions(Vec<TransitionRow>),
}

impl Kind {
    /// Reads a value from its textual form and checks its range.
    pub fn parse(&self, key: &str, text: &str) -> Result<Value, Invalid> {
        let text = text.trim();
        let number = |text: &str| {
            let misfit = || Invalid::new(key, text.trim(), typed::unread(text, &self.expected()));
            typed::read(text).ok_or_else(misfit)
        };
        let value = match self {
            Kind::Integer { .. } | Kind::Number { .. } => Value::Number(number(text)?),
            Kind::Choice(_) => Value::Choice(text.to_owned()),
            Kind::List { .. } => Value::List(plain_signs(text).split(',').map(number).collect::<Result<_, _>>()?),
            Kind::Demand => Value::Demand(Demand::parse(key, text)?),
            Kind::Schedule { visits } => Value::Schedule(Schedule::parse(key, text, *visits)?),
            Kind::Table { .. } => Value::Table(table::parse(key, self, text)?),
            Kind::Transitions => Value::Transitions(transitions::parse(key, text)?),
        };
        self.check(key, &value)?;
        Ok(value)
    }

    /// Reads a value from an experiment file: the textual form, or a JSON number, array, or array of `{"name", "values"}`.
    pub fn from_json(&self, key: &str, json: &serde_json::Value) -> Result<Value, Invalid> {
        if let Some(text) = json.as_str() {
            return self.parse(key, text);
        }
        let misfit = || Invalid::new(key, json, self.expected());
        // Of an empty list nothing would be left to quote.
        let numbers = || json_numbers(json).filter(|list| !list.is_empty()).ok_or_else(misfit);
        let value = match self {
            Kind::Integer { .. } | Kind::Number { .. } => Value::Number(json_number(json).ok_or_else(misfit)?),
            Kind::Choice(_) => return Err(misfit()),
            Kind::Schedule { .. } => return self.parse(key, &json.to_string()),
            Kind::List { .. } => Value::List(numbers()?),
            Kind::Demand => Value::Demand(Demand::table(key, numbers()?)?),
            Kind::Transitions => Value::Transitions(transitions::from_json(key, json)?),
            Kind::Table { .. } => Value::Table(table::from_json(key, self, json)?),
        };
        self.check(key, &value)?;
        Ok(value)
    }

    /// Checks that a value has this type and lies in range.
    pub fn check(&self, key: &str, value: &Value) -> Result<(), Invalid> {
        let misfit = || Invalid::new(key, value.to_text(), self.expected());
        let inside = |x: f64, min: f64, max: f64| x.is_finite() && x >= min && x <= max;
        let fits = match (self, value) {
            (Kind::Integer { min, max }, Value::Number(x)) => inside(*x, *min as f64, *max as f64) && x.fract() == 0.0,
            (Kind::Number { min, max }, Value::Number(x)) => inside(*x, *min, *max),
            (Kind::Choice(options), Value::Choice(choice)) => options.iter().any(|(key, _)| key == choice),
            (Kind::List { min_count, max_count, min, max }, Value::List(list)) => {
                (*min_count as usize..=*max_count as usize).contains(&list.len()) && list.iter().all(|x| inside(*x, *min, *max))
            }
            (Kind::Transitions, Value::Transitions(rows)) => return transitions::check(key, rows),
            (Kind::Demand, Value::Demand(_)) | (Kind::Schedule { .. }, Value::Schedule(_)) => true,
            (Kind::Table { .. }, Value::Table(rows)) => {
                return table::check(key, self, &rows.iter().map(table::cells).collect::<Vec<_>>());
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(misfit()) }
    }

    /// What is allowed, as a phrase.
    pub fn expected(&self) -> Words {
        match self {
            Kind::Integer { min, max } => phrase!("a whole number from {min} to {max}", "应为 {min} 到 {max} 的整数"),
            Kind::Number { min, max } => {
                let (min, max) = (exact_number(*min), exact_number(*max));
                phrase!("a number from {min} to {max}", "应为 {min} 到 {max} 的数")
            }
            Kind::Choice(options) => {
                let list = options.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
                phrase!("one of {list}", "应为以下之一：{list}")
            }
            Kind::List { min_count, max_count, min, max } => {
                let (min, max) = (exact_number(*min), exact_number(*max));
                phrase!(
                    "{min_count} to {max_count} numbers from {min} to {max}, separated by commas",
                    "应为 {min_count} 到 {max_count} 个 {min} 到 {max} 的数，用逗号分隔"
                )
            }
            Kind::Demand => Demand::expected(),
            Kind::Schedule { visits } => Schedule::expected(*visits),
            Kind::Transitions => transitions::expected(),
            Kind::Table { columns, min_columns, min_rows, max_rows, .. } => {
                let [rows, rows_zh] = table::between(*min_rows as usize, *max_rows as usize);
                let [numbers, numbers_zh] = table::between(*min_columns as usize, columns.len());
                let mut ranges: Vec<String> = columns.iter().map(|c| format!("{}…{}", exact_number(c.min), exact_number(c.max))).collect();
                ranges.dedup();
                let ranges = ranges.join(", ");
                phrase!(
                    "a table of {rows} rows with {numbers} numbers each (ranges {ranges})",
                    "应为 {rows_zh} 行的表，每行 {numbers_zh} 个数（范围 {ranges}）"
                )
            }
        }
    }
}

impl Value {
    /// The textual form that [`Kind::parse`] reads back.
    pub fn to_text(&self) -> String {
        match self {
            Value::Number(x) => exact_number(*x),
            Value::Choice(choice) => choice.clone(),
            Value::List(list) => join_numbers(list),
            Value::Demand(demand) => demand.to_text(),
            Value::Schedule(schedule) => schedule.to_text(),
            Value::Table(rows) => table::to_text(rows),
            Value::Transitions(rows) => transitions::to_text(rows),
        }
    }

    /// The form used in experiment files, which [`Kind::from_json`] reads back.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => serde_json::json!(*x as i64),
            Value::Number(x) => serde_json::json!(x),
            Value::List(list) => serde_json::json!(list),
            Value::Table(rows) => table::to_json(rows),
            Value::Transitions(rows) => transitions::to_json(rows),
            Value::Choice(_) | Value::Demand(_) | Value::Schedule(_) => serde_json::json!(self.to_text()),
        }
    }
}

/// A JSON number; a `-0` is 0, as it is in text.
fn json_number(json: &serde_json::Value) -> Option<f64> {
    json.as_f64().map(|x| x + 0.0)
}

fn json_numbers(json: &serde_json::Value) -> Option<Vec<f64>> {
    json.as_array()?.iter().map(json_number).collect()
}

/// The values of a set of parameters.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Values {
    entries: Vec<(&'static str, Value)>,
}

impl Values {
    /// The defaults of a set of parameters.
    pub fn defaults(parameters: &[Parameter]) -> Result<Self, Invalid> {
        let entry = |parameter: &Parameter| Ok((parameter.key, parameter.kind.parse(parameter.key, parameter.default)?));
        Ok(Self { entries: parameters.iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// Replaces a value; unknown keys are refused.
    pub fn set(&mut self, key: &str, value: Value) -> Result<(), Invalid> {
        match self.entries.iter_mut().find(|(name, _)| *name == key) {
            Some(entry) => entry.1 = value,
            None => return Err(unknown(key, &self.entries)),
        }
        Ok(())
    }

    /// The value of a parameter.
    pub fn get(&self, key: &str) -> Result<&Value, Invalid> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| value).ok_or_else(|| unknown(key, &self.entries))
    }

    /// All values in declaration order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.entries.iter().map(|(key, value)| (*key, value))
    }

    /// A real number.
    pub fn number(&self, key: &str) -> Result<f64, Invalid> {
        match self.get(key)? {
            Value::Number(x) => Ok(*x),
            other => Err(mistyped(key, other)),
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Result<i32, Invalid> {
        self.number(key).map(|x| x as i32)
    }

    /// The key of the chosen option.
    pub fn choice(&self, key: &str) -> Result<&str, Invalid> {
        match self.get(key)? {
            Value::Choice(choice) => Ok(choice),
            other => Err(mistyped(key, other)),
        }
    }

    /// A list of numbers.
    pub fn list(&self, key: &str) -> Result<&[f64], Invalid> {
        match self.get(key)? {
            Value::List(list) => Ok(list),
            other => Err(mistyped(key, other)),
        }
    }

    /// A distribution of demand.
    pub fn demand(&self, key: &str) -> Result<&Demand, Invalid> {
        match self.get(key)? {
            Value::Demand(demand) => Ok(demand),
            other => Err(mistyped(key, other)),
        }
    }

    /// A rate by episode.
    pub fn schedule(&self, key: &str) -> Result<Schedule, Invalid> {
        match self.get(key)? {
            Value::Schedule(schedule) => Ok(*schedule),
            other => Err(mistyped(key, other)),
        }
    }

    /// The rows of a decision problem.
    pub fn transitions(&self, key: &str) -> Result<&[TransitionRow], Invalid> {
        match self.get(key)? {
            Value::Transitions(rows) => Ok(rows),
            other => Err(mistyped(key, other)),
        }
    }

    /// The rows of a table.
    pub fn table(&self, key: &str) -> Result<&[Row], Invalid> {
        match self.get(key)? {
            Value::Table(rows) => Ok(rows),
            other => Err(mistyped(key, other)),
        }
    }
}

fn unknown(key: &str, entries: &[(&'static str, Value)]) -> Invalid {
    let known = entries.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Invalid::new(key, "", phrase!("no such parameter; there are {known}", "没有这个参数；可用的有 {known}"))
}

fn mistyped(key: &str, value: &Value) -> Invalid {
    Invalid::new(key, value.to_text(), words!("has another type", "类型不符"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn table() -> Kind {
        let column = |en| Column::new(Words::same(en), -10.0, 10.0);
        Kind::Table { named: Some(Words::same), columns: vec![column("a"), column("b")], min_columns: 1, min_rows: 1, max_rows: 3 }
    }

    #[test]
    fn text_and_json_round_trip() {
        let cases: [(Kind, &str); 7] = [
            (Kind::Integer { min: 0, max: 9 }, "4"),
            (Kind::Number { min: 0.0, max: 1.0 }, ".95"),
            (Kind::Choice(vec![("a", words!("A", "甲")), ("b", words!("B", "乙"))]), "b"),
            (Kind::List { min_count: 1, max_count: 4, min: 0.0, max: 1.0 }, ".3,.2"),
            (Kind::Demand, "poisson:5:20"),
            (table(), "Comedy|喜剧:3.6,-.5;Thriller:1,2"),
            (Kind::Transitions, "low,order ~26 pay,.8,high,-5;low,order ~26 pay,.2,low,-1;high"),
        ];
        for (kind, text) in cases {
            let value = kind.parse("key", text).unwrap();
            assert_eq!(value.to_text(), text);
            assert_eq!(kind.from_json("key", &value.to_json()).unwrap(), value);
        }
    }

    #[test]
    fn nonsense_is_refused_with_the_range() {
        let integer = Kind::Integer { min: 1, max: 4 };
        for text in ["0", "5", "2.5", "NaN", "inf", "", "x", "1e300"] {
            let error = integer.parse("lead", text).unwrap_err();
            assert_eq!(error.key, "lead");
        }
        let said = |kind: &Kind, text| kind.parse("lead", text).unwrap_err().message(Language::English);
        for (text, message) in [
            ("9", "lead = 9: a whole number from 1 to 4"),
            ("abc", "lead = abc: a whole number from 1 to 4"),
            ("", "lead: a whole number from 1 to 4"),
            ("0,5", "lead = 0,5: write decimals with a point: 0.5; a whole number from 1 to 4"),
        ] {
            assert_eq!(said(&integer, text), message);
        }
        let list = Kind::List { min_count: 1, max_count: 4, min: 0.0, max: 1.0 };
        assert_eq!(said(&list, ".3, x"), "lead = x: 1 to 4 numbers from 0 to 1, separated by commas");
        assert_eq!(list.parse("lead", ".1，０.2,1"), Ok(Value::List(vec![0.1, 0.2, 1.0])));
        for kind in [list, Kind::Demand] {
            assert_eq!(kind.from_json("lead", &serde_json::json!([])).unwrap_err().value, "[]");
        }
        for text in ["", "1,2,3", "a:1;b:2,3", "x:99", "1;1;1;1"] {
            assert!(table().parse("phi", text).is_err(), "{text}");
        }
    }
}
