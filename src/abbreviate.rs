//! Names made short enough for the field of a map, as long as they tell all apart.

/// Most letters of a line of a short name made of words; it has two at most. Chinese letters count twice.
const LINE: usize = 10;

/// A short name for each of the names: the first kind that tells all of them apart, or else their beginnings.
pub fn abbreviate(names: &[String]) -> Vec<String> {
    let own = own_parts(names);
    let beginnings: Vec<String> = own.iter().map(|part| beginning(part)).collect();
    let endings: Vec<String> = own.iter().map(|part| ending(part)).collect();
    let kinds = [numbers(names), initials(names), quoted(names), Some(beginnings.clone()), Some(endings)];
    kinds.into_iter().flatten().find(|short| are_distinct(short)).unwrap_or(beginnings)
}

/// What stands where nothing is done.
const NONE: &str = "–";

/// The short names; one name may have none. Nothing where more have none.
fn for_all_but_one(short: Vec<String>) -> Option<Vec<String>> {
    let without = short.iter().filter(|short| short.is_empty()).count();
    let or_none = |short: String| if short.is_empty() { NONE.to_owned() } else { short };
    (without <= 1 && without < short.len()).then(|| short.into_iter().map(or_none).collect())
}

/// The number in each name. Nothing where a name has several.
fn numbers(names: &[String]) -> Option<Vec<String>> {
    let found: Vec<Vec<&str>> = names.iter().map(|name| numbers_in(name)).collect();
    let is_single = found.iter().all(|numbers| numbers.len() <= 1);
    is_single.then(|| for_all_but_one(found.iter().map(|numbers| numbers.concat()).collect())).flatten()
}

/// The first letter of each clause with its number, as in "s3 o4" for "send 3, order 4".
fn initials(names: &[String]) -> Option<Vec<String>> {
    let clause = |clause: &str| {
        let number = numbers_in(clause).first().copied()?;
        Some([&clause.trim().chars().next()?.to_string(), number].concat())
    };
    for_all_but_one(names.iter().map(|name| name.split([',', '，']).filter_map(clause).collect::<Vec<_>>().join("\u{a0}")).collect())
}

/// The beginnings of what some names quote, as in "act on ‘refund’", and of the others.
fn quoted(names: &[String]) -> Option<Vec<String>> {
    let quote = |name: &str| {
        let (_, rest) = name.split_once(['‘', '“'])?;
        rest.split_once(['’', '”']).map(|(quoted, _)| quoted.to_owned())
    };
    let quotes: Vec<Option<String>> = names.iter().map(|name| quote(name)).collect();
    let short = || names.iter().zip(&quotes).map(|(name, quote)| beginning(quote.as_deref().unwrap_or(name))).collect();
    quotes.iter().any(Option::is_some).then(short)
}

/// The names without the words with which all begin.
fn own_parts(names: &[String]) -> Vec<&str> {
    let Some(first) = names.first().filter(|_| names.len() > 1) else { return names.iter().map(String::as_str).collect() };
    let common = |name: &String| {
        first.char_indices().zip(name.chars()).take_while(|((_, a), b)| a == b).map(|((at, a), _)| at + a.len_utf8()).last()
    };
    let shared = names.iter().map(|name| common(name).unwrap_or(0)).min().unwrap_or(0);
    // Never in the middle of a word; Chinese words are not set apart.
    let whole = if first.is_ascii() { first[..shared].rfind(' ').map_or(0, |space| space + 1) } else { shared };
    names.iter().map(|name| name.get(whole..).filter(|part| !part.is_empty()).unwrap_or(name)).collect()
}

fn beginning(part: &str) -> String {
    let mut room = 2 * LINE as i32;
    let fits = |letter: &char| {
        room -= if letter.is_ascii() { 1 } else { 2 };
        room >= 0
    };
    let short: String = part.chars().take_while(fits).collect();
    // Where one line is not enough it may be broken, once.
    let end = short.get(..=LINE).and_then(|line| line.rfind(' ').or_else(|| short.find(' ')));
    let bound = |(at, letter)| if letter == ' ' && Some(at) != end { '\u{a0}' } else { letter };
    let mut name: String = short.char_indices().map(bound).collect();
    if short.len() < part.len() {
        name.push('…');
    }
    name
}

fn ending(part: &str) -> String {
    let letters = part.chars().count();
    if letters <= LINE {
        return part.to_owned();
    }
    let end: String = part.chars().skip(letters - LINE).collect();
    ["…", end.split_once(' ').map_or(&*end, |(_, words)| words)].concat()
}

fn numbers_in(name: &str) -> Vec<&str> {
    let parts = name.split(|letter: char| !letter.is_ascii_digit() && !['.', '−'].contains(&letter));
    parts.map(|part| part.trim_matches('.')).filter(|part| part.contains(|letter: char| letter.is_ascii_digit())).collect()
}

fn are_distinct(short: &[String]) -> bool {
    short.iter().enumerate().all(|(place, name)| !short[..place].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(names: &[&str]) -> Vec<String> {
        abbreviate(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_quoted_tells_more_than_the_words_around_it() {
        assert_eq!(short(&["ask back", "act on ‘where is it’", "act on ‘refund’"]), ["ask\u{a0}back", "where\u{a0}is it", "refund"]);
    }

    #[test]
    fn numbers_where_they_say_all() {
        assert_eq!(short(&["order nothing", "order 1", "order 12"]), ["–", "1", "12"]);
        assert_eq!(short(&["price 1.47", "price 1.5"]), ["1.47", "1.5"]);
        assert_eq!(short(&["fill up to −1", "fill up to 0", "fill up to 1"]), ["−1", "0", "1"]);
        assert_eq!(short(&["定价 0.8", "定价 1"]), ["0.8", "1"]);
    }

    #[test]
    fn initials_where_there_are_two() {
        let names = ["do nothing", "send 3 to the shop", "order 3", "send 3 to the shop, order 4"];
        assert_eq!(short(&names), ["–", "s3", "o3", "s3\u{a0}o4"]);
        assert_eq!(short(&["不动", "发货 3 件", "订货 3 件", "发货 3 件，订货 4 件"]), ["–", "发3", "订3", "发3\u{a0}订4"]);
    }

    #[test]
    fn words_where_numbers_are_but_a_part() {
        let names = ["send nothing", "mail", "10 % coupon", "25 % coupon", "gift", "bundle"];
        assert_eq!(short(&names), ["send nothing", "mail", "10\u{a0}% coupon", "25\u{a0}% coupon", "gift", "bundle"]);
        // Two lines at most.
        assert_eq!(short(&["hand over to a human being", "try"]), ["hand\u{a0}over to\u{a0}a\u{a0}human…", "try"]);
        assert_eq!(short(&["转交给人工客服专员处理", "重试"]), ["转交给人工客服专员处…", "重试"]);
        assert_eq!(short(&["recommend Action", "recommend Comedy"]), ["Action", "Comedy"]);
        assert_eq!(short(&["推荐动作片", "推荐喜剧片"]), ["动作片", "喜剧片"]);
    }

    #[test]
    fn endings_where_beginnings_are_alike() {
        let names = ["ask back", "act on “the tiger on the far left”", "act on “the tiger on the far right”"];
        assert_eq!(short(&names), ["ask back", "…far left”", "…right”"]);
    }

    #[test]
    fn any_names_do() {
        assert_eq!(short(&[]), Vec::<String>::new());
        assert_eq!(short(&[""]), [""]);
        assert_eq!(short(&["the same long name", "the same long name"]), ["name", "name"]);
        assert_eq!(short(&["a", "ab"]), ["a", "ab"]);
    }
}
