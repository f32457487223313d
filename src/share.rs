//! An experiment, and a position in its run, as a link or a file.
//!
//! **Link**: the part after `#`, `1&p=PRESET&key=value&…&at=EPISODE.STEP`: version first, only what differs from the preset, values in
//! their textual form, a long one packed behind a `~` ([`pack`]). Links of every version stay readable. `embed=1` and `lang=zh` say how the
//! page is shown, not what runs: they are read by [`asks_to_embed`] and [`asks_for_language`] and belong to no experiment, so no link made
//! from one carries them.
//!
//! **File**: JSON, `{"retailq": 1, "preset": …, "parameters": {…}, "weights": {…}, "learner": {…}, "at": "120.5"}`; instead of `preset` a
//! `scenario` may be named, which starts from its first preset. `network` holds a saved network, which the run begins with. Values are JSON numbers and arrays or texts as in links.

use std::cmp::Ordering;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};

use crate::agent::dqn::saved::Saved;
use crate::config::{Experiment, Position, Raw, WEIGHT};
use crate::environment::{preset, scenario};
use crate::invalid::{Invalid, no_such_field, shorten};
use crate::pack::{pack, unpack};
use crate::words::{Language, Words};

/// Longest link the page makes; beyond it a file serves.
pub const MAX_LINK: usize = 2000;
/// Longest text that is read at all.
const MAX_TEXT: usize = 4_000_000;
const VERSION: &str = "1";
/// What a link says in order to be shown in a frame.
pub const EMBED: &str = "embed=1";
/// What a link says in order to be shown in a language, followed by the language's code.
pub const LANGUAGE: &str = "lang=";
/// What a packed value begins with.
const PACKED: char = '~';
/// A value of so many characters, or more, is packed where that makes it shorter.
const PLAIN: usize = 200;
/// Longest value that is packed, and most that a link unpacks to in all: no longer one would fit into a link.
const MOST_PACKED: usize = 100_000;
/// Most entries of a link or a file: several times what any problem has, and few enough to be answered at once.
const MOST_ENTRIES: usize = 200;
/// Most errors that are listed.
const MOST_ERRORS: usize = 20;
const RESERVED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'=').add(b'>').add(b'`');

/// What a link or a file says.
#[derive(Clone)]
pub struct Shared {
    /// The experiment.
    pub experiment: Experiment,
    /// Where to go in its run.
    pub position: Position,
}

/// The link of an experiment, without the `#`.
pub fn to_link(experiment: &Experiment, position: Position) -> String {
    let mut link = format!("{VERSION}&p={}", experiment.preset.key);
    for (key, text) in experiment.changes() {
        link.push_str(&format!("&{key}={}", encode(&text)));
    }
    if position != Position::default() {
        link.push_str(&format!("&at={}", position_text(position)));
    }
    link
}

/// A value as it stands in a link.
fn encode(text: &str) -> String {
    let plain = utf8_percent_encode(text, RESERVED).to_string();
    if !(PLAIN..MOST_PACKED).contains(&plain.len()) {
        return plain;
    }
    let packed = format!("{PACKED}{}", pack(text));
    if packed.len() < plain.len() { packed } else { plain }
}

/// Undoes [`encode`], unpacking to at most `room` letters, and to none at all where nothing long belongs. A value in plain text may begin
/// with the mark too, but is never made of such letters alone.
fn decode(key: &str, text: &str, room: Option<usize>) -> Result<String, Invalid> {
    let plain = percent_decode_str(text).decode_utf8().map_err(|_| Invalid::new(key, text, words!("is not valid text", "不是有效文本")))?;
    let is_packed = |rest: &&str| !rest.is_empty() && rest.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter));
    match plain.strip_prefix(PACKED).filter(is_packed).zip(room) {
        None => Ok(plain.into_owned()),
        Some((packed, room)) => unpack(packed, room).ok_or_else(|| {
            let fault = words!("is packed and damaged; the link may be cut", "是压缩内容且已损坏；链接可能被截断");
            Invalid::new(key, text, fault)
        }),
    }
}

/// Reads a link, with or without what stands before its `#`.
pub fn from_link(link: &str) -> Result<Shared, Vec<Invalid>> {
    let fragment = fragment(link);
    check_length("link", fragment)?;
    // Some programs that pass links on encode them as a whole, or as HTML.
    let decoded = percent_decode_str(fragment).decode_utf8().ok().filter(|_| !fragment.contains('&'));
    let fragment = &decoded.as_deref().unwrap_or(fragment).replace("&amp;", "&");
    let mut entries = fragment.split('&');
    let version = entries.next().unwrap_or_default();
    let names = |entry: &str| entry.get(..2).is_some_and(|mark| ["p=", "s="].iter().any(|known| mark.eq_ignore_ascii_case(known)));
    if names(version) {
        let meant = shorten(&format!("{VERSION}&{fragment}"));
        return Err(vec![Invalid::new(
            "version",
            "",
            phrase!("is missing; write 1& in front: {meant}", "缺失；请在最前面加上 1&：{meant}"),
        )]);
    }
    check_version(version)?;
    let entries = entries.filter(|entry| !entry.is_empty());
    check_count("link", entries.clone().count())?;
    let (mut header, mut draft, mut errors) = (Header::default(), Vec::new(), Vec::new());
    let mut given: Vec<(&str, &str)> = Vec::new();
    for entry in entries {
        match entry.split_once('=') {
            None => {
                let broken = words!("is not of the form key=value; the link may be cut", "不是“键=值”的形式；链接可能被截断");
                errors.push(Invalid::new(entry, "", broken));
            }
            Some((key, value)) => match given.iter().find(|(known, _)| *known == key) {
                Some((_, first)) => {
                    let [first, second] = [first, value].map(shorten);
                    errors.push(Invalid::new(key, "", phrase!("is given twice: {first} and {second}", "重复出现：{first} 和 {second}")));
                }
                None => given.push((key, value)),
            },
        }
    }
    let (may_be_long, mut room) = (problem_keys(&given), MOST_PACKED);
    for (key, text) in given {
        match decode(key, text, may_be_long.contains(&key).then_some(room)) {
            Ok(value) => {
                // What is longer than it was written had been packed.
                room = room.saturating_sub(value.len().saturating_sub(text.len()));
                header.take(key.to_owned(), Raw::Text(value), &mut draft, &mut errors);
            }
            Err(error) => errors.push(error),
        }
    }
    header.finish(&draft, errors)
}

/// The parameters of the problem that a link names: what may be long, and therefore packed.
fn problem_keys(given: &[(&str, &str)]) -> Vec<&'static str> {
    let named = |mark: &str| given.iter().find(|(key, _)| *key == mark).map_or("", |(_, text)| *text);
    let found = preset(named("p")).map(|(scenario, _)| scenario).or_else(|| scenario(named("s")));
    found.into_iter().flat_map(|scenario| (scenario.parameters)()).map(|parameter| parameter.key).collect()
}

/// Whether a link is to be shown in the compact form for a frame in another page.
pub fn asks_to_embed(link: &str) -> bool {
    entries(link).any(|entry| entry == EMBED)
}

/// The language a link is to be shown in, if it names one.
pub fn asks_for_language(link: &str) -> Option<Language> {
    entries(link).find_map(|entry| entry.strip_prefix(LANGUAGE)).and_then(Language::with_code)
}

fn entries(link: &str) -> impl Iterator<Item = &str> {
    fragment(link).split('&')
}

/// What follows the `#` of a link, if it has one; marks that a program left at the end say nothing.
fn fragment(link: &str) -> &str {
    let link = link.trim().trim_end_matches(['#', '&']);
    link.rsplit_once('#').map_or(link, |(_, fragment)| fragment)
}

/// The experiment as a file that anybody can read and edit, every value written out.
pub fn to_file(experiment: &Experiment, position: Position) -> String {
    let object = |values: &crate::parameter::Values| {
        let mut object = Map::new();
        object.extend(values.iter().map(|(key, value)| (key.to_owned(), value.to_json())));
        object
    };
    let mut weights = Map::new();
    weights.extend(experiment.weights.iter().map(|(part, weight)| (part.clone(), json!(weight))));
    let mut file = json!({
        "retailq": 1,
        "preset": experiment.preset.key,
        "parameters": object(&experiment.problem),
        "weights": weights,
        "learner": object(&experiment.learner),
        "at": position_text(position),
    });
    if let Some(network) = &experiment.network {
        file["network"] = json!(**network);
    }
    // For the eye, unless it would then be longer than what can be read.
    let indented = format!("{file:#}\n");
    if indented.len() <= MAX_TEXT { indented } else { file.to_string() }
}

/// Reads an experiment file.
pub fn from_file(text: &str) -> Result<Shared, Vec<Invalid>> {
    check_length("file", text)?;
    let json = crate::json::read("file", text).map_err(|error| vec![error])?;
    let misfit = |key: &str, value: &Json, fault| Invalid::new(key, value, fault);
    let Json::Object(fields) = &json else {
        return Err(vec![misfit("file", &json, words!("must be a JSON object", "应为 JSON 对象"))]);
    };
    check_version(&fields.get("retailq").map(Json::to_string).unwrap_or_default())?;
    check_count("file", fields.values().map(|value| value.as_object().map_or(1, Map::len)).sum())?;
    let (mut header, mut draft, mut errors) = (Header::default(), Vec::new(), Vec::new());
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("retailq", _) => {}
            ("preset", Json::String(text)) => header.preset = Some(text.clone()),
            ("scenario", Json::String(text)) => header.scenario = Some(text.clone()),
            ("at", Json::String(text)) => header.take("at".to_owned(), Raw::Text(text.clone()), &mut draft, &mut errors),
            ("parameters" | "learner", Json::Object(values)) => {
                for (key, value) in values {
                    if draft.iter().any(|(known, _)| known == key) {
                        errors.push(misfit(key, value, words!("is given twice", "重复出现")));
                    }
                    draft.push((key.clone(), Raw::Json(value.clone())));
                }
            }
            ("weights", Json::Object(values)) => {
                draft.extend(values.iter().map(|(part, value)| (format!("{WEIGHT}{part}"), Raw::Json(value.clone()))));
            }
            ("network", value) => match Saved::from_json(value) {
                Ok(saved) => header.network = Some(Arc::new(saved)),
                Err(error) => errors.push(error),
            },
            ("preset" | "scenario" | "at", _) => errors.push(misfit(key, value, words!("must be a text", "应为文本"))),
            ("parameters" | "learner" | "weights", _) => errors.push(misfit(key, value, words!("must be a JSON object", "应为 JSON 对象"))),
            _ => errors.push(misfit(
                key,
                value,
                no_such_field(&["retailq", "preset", "scenario", "parameters", "learner", "weights", "network", "at"]),
            )),
        }
    }
    header.finish(&draft, errors)
}

/// Reads whatever it is: a link, if it is one line and does not begin as JSON does, otherwise a file.
pub fn from_text(text: &str) -> Result<Shared, Vec<Invalid>> {
    let text = text.trim_start_matches(crate::csv::MARK).trim();
    let first_line = text.lines().next().unwrap_or_default();
    if text.contains('\n') && !text.starts_with('{') && first_line.contains([',', ';', '\t']) {
        let fault = words!(
            "is a table. Experiments are JSON files; a table of a problem of your own is opened beside that table",
            "是表格。实验文件为 JSON；自建问题的表格请在该表格旁打开"
        );
        return Err(vec![Invalid::new("file", first_line, fault)]);
    }
    if text.starts_with(['{', '[']) || text.contains(|letter: char| letter.is_control()) { from_file(text) } else { from_link(text) }
}

/// What names the experiment rather than changing it.
#[derive(Default)]
struct Header {
    preset: Option<String>,
    scenario: Option<String>,
    position: Position,
    network: Option<Arc<Saved>>,
}

impl Header {
    fn take(&mut self, key: String, raw: Raw, draft: &mut Vec<(String, Raw)>, errors: &mut Vec<Invalid>) {
        match (key.as_str(), &raw) {
            ("p", Raw::Text(text)) => self.preset = Some(text.clone()),
            ("s", Raw::Text(text)) => self.scenario = Some(text.clone()),
            ("at", Raw::Text(text)) => match parse_position(text) {
                Ok(position) => self.position = position,
                Err(error) => errors.push(error),
            },
            ("embed", Raw::Text(text)) if text == "1" => {}
            ("embed", raw) => errors.push(Invalid::new("embed", raw.show(), words!("must be 1, or left out", "应为 1，或不写"))),
            ("lang", Raw::Text(text)) if Language::with_code(text).is_some() => {}
            ("lang", raw) => {
                errors.push(Invalid::new("lang", raw.show(), words!("must be en or zh, or left out", "应为 en 或 zh，或不写")))
            }
            _ => draft.push((key, raw)),
        }
    }

    fn finish(self, draft: &[(String, Raw)], mut errors: Vec<Invalid>) -> Result<Shared, Vec<Invalid>> {
        if self.preset.is_none() && self.scenario.is_none() {
            let fault = match draft.iter().find(|(key, _)| key == "P").map(|(_, raw)| raw.show().to_lowercase()) {
                Some(meant) => phrase!("the preset is missing; perhaps p={meant}", "缺少预设名；或许是 p={meant}"),
                None => words!("the preset is missing; for example p=puterman", "缺少预设名；例如 p=puterman"),
            };
            errors.insert(0, Invalid::new("p", "", fault));
            return Err(first_ones(errors));
        }
        let of_preset = self.preset.as_deref().and_then(preset).map(|(scenario, _)| scenario.key);
        if let (Some(own), Some(other)) = (of_preset, self.scenario.as_deref().filter(|key| of_preset != Some(*key))) {
            let fault = phrase!("is not the scenario of the preset, {own}; leave one of them out", "不是该预设的情景（{own}）；请只写其一");
            errors.push(Invalid::new("scenario", other, fault));
        }
        match Experiment::from_draft(self.preset.as_deref(), self.scenario.as_deref(), draft) {
            Ok(mut experiment) => {
                experiment.network = self.network;
                let steps = experiment.learner.integer("steps").map_or(0, i32::unsigned_abs);
                let place = in_episode(self.position, steps).map_err(|fault| Invalid::new("at", position_text(self.position), fault));
                match place.map_err(|error| errors.push(error)) {
                    Ok(position) if errors.is_empty() => Ok(Shared { experiment, position }),
                    _ => Err(first_ones(errors)),
                }
            }
            Err(more) => Err(first_ones(errors.into_iter().chain(more).collect())),
        }
    }
}

/// As many errors as anybody reads, and how many there are beyond.
fn first_ones(mut errors: Vec<Invalid>) -> Vec<Invalid> {
    let more = errors.len().saturating_sub(MOST_ERRORS);
    if more > 0 {
        errors.truncate(MOST_ERRORS);
        errors.push(Invalid::new("errors", "", phrase!("{more} more are not listed", "另有 {more} 个未列出")));
    }
    errors
}

/// `EPISODE.STEP`, the step left out where it is zero.
pub fn position_text(position: Position) -> String {
    match position.step {
        0 => position.episode.to_string(),
        step => format!("{}.{step}", position.episode),
    }
}

/// Reads what [`position_text`] writes.
pub fn parse_position(text: &str) -> Result<Position, Invalid> {
    let (episode, step) = text.split_once('.').unwrap_or((text, "0"));
    match (episode.parse(), step.parse()) {
        (Ok(episode), Ok(step)) if episode <= crate::schedule::MAX_EPISODES => Ok(Position { episode, step }),
        _ => Err(Invalid::new(
            "at",
            text,
            phrase!(
                "must be EPISODE or EPISODE.STEP, at most {} episodes",
                "应为“回合”或“回合.步”，最多 {} 回合",
                crate::schedule::MAX_EPISODES
            ),
        )),
    }
}

/// A position where episodes are cut after so many steps: the last step of a full episode ends it, and beyond it there is none.
pub fn in_episode(position: Position, steps: u32) -> Result<Position, Words> {
    match position.step.cmp(&steps) {
        Ordering::Less => Ok(position),
        Ordering::Equal => Ok(Position { episode: position.episode + 1, step: 0 }),
        Ordering::Greater => Err(match steps {
            1 => words!("an episode has 1 step here", "这里每回合只有 1 步"),
            _ => phrase!("an episode has at most {steps} steps here", "这里每回合最多 {steps} 步"),
        }),
    }
}

fn check_version(version: &str) -> Result<(), Vec<Invalid>> {
    if version == VERSION {
        return Ok(());
    }
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        let fault = words!(
            "is neither a link of this page, which begins with its version and preset (1&p=…), nor an experiment file",
            "既不是本页面的链接（以版本和预设开头：1&p=…），也不是实验文件"
        );
        return Err(vec![Invalid::new("version", version, fault)]);
    }
    let fault = words!("this is not a version this page can read; it reads version 1", "本页面无法识别这个版本；可识别的是版本 1");
    Err(vec![Invalid::new("version", version, fault)])
}

fn check_count(key: &str, count: usize) -> Result<(), Vec<Invalid>> {
    if count <= MOST_ENTRIES {
        return Ok(());
    }
    Err(vec![Invalid::new(key, count, phrase!("entries are too many; at most {MOST_ENTRIES}", "个条目过多；最多 {MOST_ENTRIES} 个"))])
}

fn check_length(key: &str, text: &str) -> Result<(), Vec<Invalid>> {
    let length = text.len();
    if length == 0 {
        return Err(vec![Invalid::new(key, "", words!("is empty", "是空的"))]);
    }
    if length <= MAX_TEXT {
        return Ok(());
    }
    Err(vec![Invalid::new(key, length, phrase!("characters are too many; at most {MAX_TEXT}", "个字符过多；最多 {MAX_TEXT}"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "1&p=puterman&capacity=5&demand=poisson:2:9&epsilon=exp:1:.01:50&seed=7&w.holding=2&at=120.5";

    #[test]
    fn links_and_files_round_trip() {
        let shared = from_link(LINK).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&shared.experiment, shared.position), LINK);
        let file = to_file(&shared.experiment, shared.position);
        let again = from_text(&file).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&again.experiment, again.position), LINK);
        assert!(from_link(&format!("https://example.org/x/#{LINK}")).is_ok());
    }

    #[test]
    fn a_broken_link_says_which_part_is_broken() {
        let keys = |link: &str| from_link(link).err().unwrap().into_iter().map(|error| error.key).collect::<Vec<_>>();
        assert_eq!(keys(""), ["link"]);
        assert_eq!(keys("2&p=puterman"), ["version"]);
        assert_eq!(keys("1"), ["p"]);
        assert_eq!(keys("1&p=nowhere"), ["preset"]);
        assert_eq!(keys("1&p=puterman&capac"), ["capac"]);
        assert_eq!(keys("1&p=puterman&capacity=1e9&at=x&foo=1"), ["at", "capacity", "foo"]);
        assert_eq!(keys("1&p=puterman&seed=1&seed=2"), ["seed"]);
    }

    #[test]
    fn what_was_meant_is_guessed() {
        let said = |link: &str| from_link(link).err().unwrap().remove(0).message(Language::English);
        assert_eq!(said("1&p=Cart"), "preset = Cart: no such preset; perhaps cart");
        assert_eq!(said("1&p=puterman&episode=9"), "episode = 9: no such parameter; perhaps episodes");
        assert_eq!(said("1"), "p: the preset is missing; for example p=puterman");
        assert_eq!(said("1&p=gvr_clearance2"), "preset = gvr_clearance2: no such preset; perhaps gvr_clearance");
        assert_eq!(said("1&p=puterman&capcity=5"), "capcity = 5: no such parameter; perhaps capacity");
        let unknown = said("1&p=nowhere_at_all");
        assert!(unknown.contains("there are") && unknown.contains("such as warlop") && unknown.len() < 200, "{unknown}");
        assert!(said("1&p=puterman&colour=red").contains("there are capacity, "));
        assert!(said(&format!("1&p={}", "x".repeat(100_000))).contains("there are"));
        assert_eq!(said("1&P=Puterman&capacity=5"), "p: the preset is missing; perhaps p=puterman");
        assert_eq!(said("p=puterman&capacity=5"), "version: is missing; write 1& in front: 1&p=puterman&capacity=5");
        assert_eq!(said("1&p=puterman&price=12&price=13"), "price: is given twice: 12 and 13");
        assert!(said("1&p=boredom").starts_with("preset = boredom: is a scenario; its presets are warlop, toy_a, "));
        assert_eq!(said("1&p=puterman&utm_source=mail"), "utm_source = mail: says nothing about an experiment; leave it out");
        for end in ["#", "&", "&#", "#&"] {
            assert!(from_link(&format!("https://example.org/#{LINK}{end}")).is_ok_and(|shared| shared.position.step == 5), "{end}");
        }
        for text in ["1%26p%3Dputerman%26capacity%3D5", "1%26p=puterman%26capacity=5", "1&amp;p=puterman&amp;capacity=5"] {
            let mailed = from_link(text).unwrap_or_else(|errors| panic!("{errors:?}"));
            assert_eq!(to_link(&mailed.experiment, mailed.position), "1&p=puterman&capacity=5");
        }
    }
}
