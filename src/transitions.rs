//! A decision problem as a table that anybody can write: state, action, probability, next state, reward.
//!
//! The same rows have three forms: text for links and fields (`low,order,.8,high,-5;…`), JSON for experiment files (objects with the
//! five fields) and CSV for spreadsheets. A row with nothing but a state says that the episode ends there.
//!
//! A name is one text for both languages, or `English|中文`. In the textual form its reserved characters are written `~2C` rather than
//! `%2C`, so that the encoding of links never meets them.

use serde_json::{Value as Json, json};

use crate::csv;
use crate::invalid::{Invalid, no_such_field};
use crate::text::{exact_number, parse_number};
use crate::typed::{FROM_0_TO_1, amount, unread};
use crate::words::Words;

/// Most rows of a table.
pub const MAX_ROWS: usize = 100_000;
/// Largest reward, either way.
pub const MAX_REWARD: f64 = 1e9;
/// Longest name of a state or an action.
pub const MAX_NAME: usize = 60;

/// What may happen when an action is taken in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitionRow {
    /// Where the action is taken.
    pub state: String,
    /// The action; empty where the row only says that the episode ends in the state, and the fields below say nothing.
    pub action: String,
    /// Chance of this result.
    pub probability: f64,
    /// The state that follows.
    pub next: String,
    /// The reward of this result.
    pub reward: f64,
}

/// Fields in the order of the textual form and of a CSV file without a heading.
pub const FIELDS: [&str; 5] = ["state", "action", "probability", "next", "reward"];
const FIELDS_IN_CHINESE: [&str; 5] = ["状态", "动作", "概率", "下一状态", "奖励"];

impl TransitionRow {
    /// A row that says that the episode ends in a state.
    pub fn end(state: impl Into<String>) -> Self {
        Self { state: state.into(), action: String::new(), probability: 0.0, next: String::new(), reward: 0.0 }
    }

    /// Whether the row only says that the episode ends in its state.
    pub fn is_end(&self) -> bool {
        self.action.is_empty()
    }
}

/// Reads the textual form.
pub fn parse(key: &str, text: &str) -> Result<Vec<TransitionRow>, Invalid> {
    let rows = text.split(';').map(str::trim).filter(|row| !row.is_empty());
    let cells = |row: &str| row.split(',').map(|cell| unescape(cell.trim())).collect::<Vec<_>>();
    let rows = (1..).zip(rows).map(|(number, row)| read_cells(&At::row(key, number), &cells(row))).collect::<Result<Vec<_>, _>>()?;
    check_count(key, &rows)?;
    Ok(rows)
}

/// The textual form that [`parse`] reads back.
pub fn to_text(rows: &[TransitionRow]) -> String {
    let text = |row: &TransitionRow| match row.is_end() {
        true => escape(&row.state),
        false => {
            let [state, action, next] = [&row.state, &row.action, &row.next].map(|name| escape(name));
            format!("{state},{action},{},{next},{}", exact_number(row.probability), exact_number(row.reward))
        }
    };
    rows.iter().map(text).collect::<Vec<_>>().join(";")
}

/// Reads an array of objects with the five fields, or with `state` only.
pub fn from_json(key: &str, json: &Json) -> Result<Vec<TransitionRow>, Invalid> {
    let rows = json.as_array().ok_or_else(|| Invalid::new(key, json, expected()))?;
    let rows = (1..).zip(rows).map(|(number, row)| read_object(&At::row(key, number), row)).collect::<Result<Vec<_>, _>>()?;
    check_count(key, &rows)?;
    Ok(rows)
}

/// The form that [`from_json`] reads back.
pub fn to_json(rows: &[TransitionRow]) -> Json {
    let object = |row: &TransitionRow| match row.is_end() {
        true => json!({ "state": row.state }),
        false => json!({
            "state": row.state, "action": row.action, "probability": row.probability, "next": row.next, "reward": row.reward
        }),
    };
    rows.iter().map(object).collect()
}

/// Reads a spreadsheet: CSV, or cells pasted with tabs. The first row may name the columns, in any order.
pub fn from_csv(key: &str, text: &str) -> Result<Vec<TransitionRow>, Invalid> {
    let unclosed = |line| At::line(key, line).refuse("\"", words!("this quotation mark is never closed", "这个引号没有闭合"));
    let records = csv::read(text).map_err(unclosed)?;
    let order = match records.first() {
        Some(first) => heading(&At::line(key, first.line), &first.cells)?,
        None => None,
    };
    let rows = records.iter().skip(usize::from(order.is_some())).map(|record| {
        let at = At::line(key, record.line);
        let order = order.unwrap_or([0, 1, 2, 3, 4]);
        check_width(&at, &record.cells)?;
        let cells: Vec<String> = order.iter().map(|column| record.cells.get(*column).cloned().unwrap_or_default()).collect();
        read_cells(&at, &cells)
    });
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    check_count(key, &rows)?;
    Ok(rows)
}

/// The table as a CSV file with a heading, which [`from_csv`] reads back.
pub fn to_csv(rows: &[TransitionRow]) -> String {
    let numbers: Vec<[String; 2]> =
        rows.iter().map(|row| [row.probability, row.reward].map(|x| if row.is_end() { String::new() } else { x.to_string() })).collect();
    let body =
        rows.iter().zip(&numbers).map(|(row, [probability, reward])| vec![row.state.as_str(), &row.action, probability, &row.next, reward]);
    csv::write([FIELDS.to_vec()].into_iter().chain(body))
}

/// Checks every row by itself: names, probabilities and rewards in range.
pub fn check(key: &str, rows: &[TransitionRow]) -> Result<(), Invalid> {
    check_count(key, rows)?;
    (1..).zip(rows).try_for_each(|(number, row)| check_row(&At::row(key, number), row))
}

fn check_count(key: &str, rows: &[TransitionRow]) -> Result<(), Invalid> {
    if (1..=MAX_ROWS).contains(&rows.len()) { Ok(()) } else { Err(Invalid::new(key, rows.len(), expected())) }
}

fn check_row(at: &At, row: &TransitionRow) -> Result<(), Invalid> {
    check_name(at, "state", &row.state)?;
    if row.is_end() {
        return Ok(());
    }
    check_name(at, "action", &row.action)?;
    check_name(at, "next", &row.next)?;
    if !(0.0..=1.0).contains(&row.probability) {
        return Err(at.refuse_field("probability", exact_number(row.probability), FROM_0_TO_1));
    }
    if !(-MAX_REWARD..=MAX_REWARD).contains(&row.reward) {
        return Err(at.refuse_field("reward", exact_number(row.reward), a_reward()));
    }
    Ok(())
}

/// What is allowed, as a phrase.
pub fn expected() -> Words {
    phrase!(
        "1 to {MAX_ROWS} rows separated by ; each of state, action, probability, next state, reward (or a state alone, where the episode ends)",
        "应为 1 到 {MAX_ROWS} 行，用 ; 分隔，每行为 状态,动作,概率,下一状态,奖励（只写状态表示回合在此结束）"
    )
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFault {
    /// Number of the row, from 1.
    pub row: u32,
    /// Place of the field in [`FIELDS`].
    pub field: usize,
    /// What was given.
    pub value: String,
    /// What is wrong and what is allowed.
    pub fault: Words,
}

impl RowFault {
    /// The fault as the refusal of a whole table.
    pub fn refusal(&self, key: &str) -> Invalid {
        At::row(key, self.row).refuse_field(FIELDS.get(self.field).unwrap_or(&""), &self.value, self.fault.clone())
    }
}

/// Where in a table something is wrong.
pub struct At<'a> {
    key: &'a str,
    /// Row or line; `None` where the reader shows the place by itself.
    place: Option<Words>,
}

impl<'a> At<'a> {
    /// A row of the table on the page.
    pub fn row(key: &'a str, number: u32) -> Self {
        Self { key, place: Some(phrase!("row {number}", "第 {number} 行")) }
    }

    /// A line of a file, its heading included.
    fn line(key: &'a str, number: u32) -> Self {
        Self { key, place: Some(phrase!("line {number}", "文件第 {number} 行")) }
    }

    /// A refusal that names the place.
    pub fn refuse(&self, value: impl ToString, fault: Words) -> Invalid {
        match &self.place {
            Some(place) => refusal(self.key, value, place, &fault),
            None => Invalid::new(self.key, value, fault),
        }
    }

    fn refuse_field(&self, field: &str, value: impl ToString, fault: Words) -> Invalid {
        use crate::words::Language::{Chinese, English};
        let Some(place) = &self.place else { return Invalid::new(field, value, fault) };
        let named = FIELDS.iter().position(|known| *known == field).map_or(field, |index| FIELDS_IN_CHINESE[index]);
        let place = Words::owned(format!("{}, {field}", place.get(English)), format!("{}“{named}”", place.get(Chinese)));
        refusal(self.key, value, &place, &fault)
    }
}

fn refusal(key: &str, value: impl ToString, place: &Words, fault: &Words) -> Invalid {
    Invalid::new(key, value, Words::concat(&[place, &Words::COLON, fault]))
}

/// Reads the five cells of a row; what is wrong with one names its field alone.
pub fn read_row(row: u32, cells: &[String]) -> Result<TransitionRow, RowFault> {
    read_cells(&At { key: "", place: None }, cells).map_err(|error| {
        let field = FIELDS.iter().position(|field| *field == error.key).unwrap_or(0);
        RowFault { row, field, value: error.value, fault: error.fault }
    })
}

/// The five cells of a row as they are typed.
pub fn row_cells(row: &TransitionRow) -> [String; 5] {
    match row.is_end() {
        true => [row.state.clone(), String::new(), String::new(), String::new(), String::new()],
        false => [row.state.clone(), row.action.clone(), exact_number(row.probability), row.next.clone(), exact_number(row.reward)],
    }
}

fn read_cells(at: &At, cells: &[String]) -> Result<TransitionRow, Invalid> {
    check_width(at, cells)?;
    let cell = |index: usize| cells.get(index).map_or("", String::as_str);
    let row = if (1..FIELDS.len()).all(|index| cell(index).is_empty()) {
        TransitionRow::end(cell(0))
    } else if let Some(empty) = (0..FIELDS.len()).find(|index| cell(*index).is_empty()) {
        return Err(at.refuse_field(FIELDS[empty], "", words!("must not be empty", "不能为空")));
    } else {
        TransitionRow {
            state: cell(0).to_owned(),
            action: cell(1).to_owned(),
            probability: read_number(at, "probability", cell(2))?,
            next: cell(3).to_owned(),
            reward: read_number(at, "reward", cell(4))?,
        }
    };
    check_row(at, &row)?;
    Ok(row)
}

fn check_width(at: &At, cells: &[String]) -> Result<(), Invalid> {
    let (count, most) = (cells.len(), FIELDS.len());
    let spare = cells.iter().skip(most).any(|cell| !cell.is_empty());
    if !spare {
        return Ok(());
    }
    let fault = phrase!(
        "has {count} cells; there must be {most}: state, action, probability, next state, reward (decimals are written with a point)",
        "有 {count} 个单元格；应为 {most} 个：状态、动作、概率、下一状态、奖励（小数用小数点）"
    );
    Err(at.refuse(cells.join(","), fault))
}

fn read_number(at: &At, field: &str, text: &str) -> Result<f64, Invalid> {
    let allowed = if field == "probability" { FROM_0_TO_1 } else { a_reward() };
    amount(text).ok_or_else(|| at.refuse_field(field, text, unread(text, &allowed)))
}

fn a_reward() -> Words {
    phrase!("a number from -{MAX_REWARD} to {MAX_REWARD}", "应为 -{MAX_REWARD} 到 {MAX_REWARD} 的数")
}

fn read_object(at: &At, json: &Json) -> Result<TransitionRow, Invalid> {
    let object = json.as_object().ok_or_else(|| at.refuse(json, words!("must be an object", "应为一个对象")))?;
    if let Some(unknown) = object.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(at.refuse(unknown, no_such_field(&FIELDS)));
    }
    let cell = |field: &&str| match object.get(*field) {
        None => Ok(String::new()),
        Some(Json::String(text)) => Ok(text.trim().to_owned()),
        Some(Json::Number(number)) => Ok(number.to_string()),
        Some(other) => Err(at.refuse_field(field, other, words!("must be a text or a number", "应为文本或数字"))),
    };
    read_cells(at, &FIELDS.iter().map(cell).collect::<Result<Vec<_>, _>>()?)
}

/// Which column each field is in, if a row names them all.
pub fn column_order(cells: &[String]) -> Option<[usize; 5]> {
    heading(&At { key: "", place: None }, cells).ok().flatten()
}

/// Which column each field is in, if a row names columns.
fn heading(at: &At, cells: &[String]) -> Result<Option<[usize; 5]>, Invalid> {
    const NAMES: [&[&str]; 5] = [
        &["state", "from", "状态"],
        &["action", "decision", "动作"],
        &["probability", "prob", "p", "概率"],
        &["next", "nextstate", "to", "下一状态", "后继状态"],
        &["reward", "r", "奖励"],
    ];
    let plain = |cell: &str| cell.to_lowercase().replace([' ', '_', '-'], "");
    let column = |names: &[&str]| cells.iter().position(|cell| names.contains(&plain(cell).as_str()));
    let columns = NAMES.map(column);
    // A row of data may hold a state called "p", but then it holds numbers too.
    if columns[2].is_none() || cells.iter().any(|cell| parse_number(cell).is_some()) {
        return Ok(None);
    }
    let mut order = [0; 5];
    for ((place, column), field) in order.iter_mut().zip(columns).zip(FIELDS) {
        *place = column.ok_or_else(|| at.refuse_field(field, cells.join(","), words!("this column is missing", "缺少这一列")))?;
    }
    Ok(Some(order))
}

fn check_name(at: &At, field: &str, name: &str) -> Result<(), Invalid> {
    let fits = (1..=MAX_NAME).contains(&name.chars().count())
        && !name.contains(char::is_control)
        && name.trim() == name
        && name.split('|').all(|side| !side.is_empty());
    let fault = phrase!(
        "a name of 1 to {MAX_NAME} characters without line breaks or spaces around it",
        "应为 1 到 {MAX_NAME} 个字符的名称，不含换行，首尾无空格"
    );
    if fits { Ok(()) } else { Err(at.refuse_field(field, name, fault)) }
}

const RESERVED: [char; 9] = [',', ';', ':', '&', '=', '#', '%', '+', '~'];

fn escape(name: &str) -> String {
    name.chars().map(|c| if RESERVED.contains(&c) { format!("~{:02X}", c as u32) } else { c.to_string() }).collect()
}

/// Undoes [`escape`]; a `~` that no code follows stands for itself.
fn unescape(text: &str) -> String {
    let mut pieces = text.split('~');
    let mut name = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).map(char::from);
        match code.filter(|c| RESERVED.contains(c)) {
            Some(c) => {
                name.push(c);
                name.push_str(&piece[2..]);
            }
            None => {
                name.push('~');
                name.push_str(piece);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn rows() -> Vec<TransitionRow> {
        let row = |state: &str, action: &str, probability, next: &str, reward| TransitionRow {
            state: state.to_owned(),
            action: action.to_owned(),
            probability,
            next: next.to_owned(),
            reward,
        };
        vec![
            row("low stock|库存低", "order 100% = all", 0.8, "size: L, \"new\"", -5.0),
            row("low stock|库存低", "order 100% = all", 0.2, "~done #1 & gone+", 1e-7),
            row("size: L, \"new\"", "wait", 1.0, "low stock|库存低", 0.25),
            TransitionRow::end("~done #1 & gone+"),
        ]
    }

    #[test]
    fn text_json_and_csv_round_trip() {
        let rows = rows();
        assert_eq!(parse("rows", &to_text(&rows)).unwrap(), rows);
        assert_eq!(from_json("rows", &to_json(&rows)).unwrap(), rows);
        assert_eq!(from_csv("rows", &to_csv(&rows)).unwrap(), rows);
        assert!(!to_text(&rows).contains(['%', '&', '=', '#', '+', ':']));
        assert_eq!(parse("rows", "a,b,.5,c,-1;a,b,1/2,d,0;c;d").unwrap()[1].probability, 0.5);
    }

    #[test]
    fn spreadsheets_are_read() {
        let expected = parse("rows", "a,go,.25,b,3;a,go,.75,a,-.5").unwrap();
        for text in [
            "a,go,.25,b,3\na,go,.75,a,-.5",
            "State;Action;Probability;Next state;Reward\r\na;go;25%;b;3\r\na;go;3/4;a;-0.5\r\n",
            "State;Action;Probability;Next state;Reward\r\na;go;0,25;b;3\r\na;go;0,75;a;-0,5\r\n",
            "State\tAction\tProbability\tNext state\tReward\r\na\tgo\t0,25\tb\t$3\r\na\tgo\t0,75\ta\t-0,5\r\n",
            "\u{feff}奖励\t概率\t状态\t动作\t下一状态\n3\t.25\ta\tgo\tb\n-.5\t.75\ta\tgo\ta\n",
        ] {
            assert_eq!(from_csv("rows", text).unwrap(), expected, "{text}");
        }
        let quoted = from_csv("rows", "p,\"go, now\",1,r,0\nr,,,,\n").unwrap();
        assert_eq!((quoted[0].action.as_str(), quoted[1].is_end()), ("go, now", true));
    }

    fn refusal_of_csv(text: &str) -> String {
        from_csv("rows", text).unwrap_err().message(Language::English)
    }

    #[test]
    fn refusals_name_line_field_value_and_range() {
        let decimal_comma = refusal_of_csv("state\taction\tprobability\tnext\treward\na\tgo\t1\tb\t1,200");
        let asked = "without a comma: 1200 if it divides thousands, 1.200 if decimals follow";
        assert_eq!(decimal_comma, format!("rows = 1,200: line 2, reward: {asked}; a number from -1000000000 to 1000000000"));
        let error = parse("rows", "a,go,2,b,1").unwrap_err();
        assert_eq!(error.message(Language::Chinese), "rows = 2：第 1 行“概率”：应为 0 到 1 的数");
        for (text, parts) in [
            ("a,go,1.5,b,1", ["1.5", "line 1, probability", "from 0 to 1"]),
            ("a,go,x,b,1", ["x", "line 1, probability", "from 0 to 1"]),
            ("a,go,1,b,1e12", ["1000000000000", "line 1, reward", "-1000000000"]),
            ("a,go,1,b,NaN", ["NaN", "line 1, reward", "a number from"]),
            ("a,go,1,b,1\n\na,go,,b,1", ["line 3", "probability", "must not be empty"]),
            ("a,go,0,5,b,1", ["6 cells", "line 1", "decimals"]),
            ("state,action,probability,reward\n", ["line 1", "next", "missing"]),
            ("a,\"go,1,b,1", ["line 1", "quotation mark", "closed"]),
            ("", ["= 0", "1 to", "rows"]),
        ] {
            let message = refusal_of_csv(text);
            assert!(parts.iter().all(|part| message.contains(part)), "{text:?}: {message}");
        }
        let long = format!("{},go,1,b,1", "x".repeat(MAX_NAME + 1));
        assert!(parse("rows", &long).unwrap_err().message(Language::English).contains("row 1, state"));
        assert!(parse("rows", "a,go,inf,b,1").is_err() && parse("rows", "a,go,1/0,b,1").is_err() && parse("rows", ";;").is_err());
        for json in [json!(3), json!([3]), json!([{"state": "a", "colour": 1}]), json!([{"state": ["a"]}])] {
            assert!(from_json("rows", &json).is_err(), "{json}");
        }
    }
}
