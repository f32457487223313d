//! Keys as a keyboard sends them.

use serde_json::{Value, json};

/// Names of keys that type nothing, or not what they are called, with their codes.
const NAMED: &[(&str, &str, u32, &str)] = &[
    ("ArrowLeft", "ArrowLeft", 37, ""),
    ("ArrowUp", "ArrowUp", 38, ""),
    ("ArrowRight", "ArrowRight", 39, ""),
    ("ArrowDown", "ArrowDown", 40, ""),
    ("Backspace", "Backspace", 8, ""),
    ("Delete", "Delete", 46, ""),
    ("End", "End", 35, ""),
    ("Enter", "Enter", 13, "\r"),
    ("Escape", "Escape", 27, ""),
    ("Home", "Home", 36, ""),
    ("PageDown", "PageDown", 34, ""),
    ("PageUp", "PageUp", 33, ""),
    ("Space", " ", 32, " "),
    ("Tab", "Tab", 9, ""),
];

/// Events of pressing and releasing `Shift+ArrowRight`, `Space`, `?`, `r` …
pub fn press(combination: &str) -> [Value; 2] {
    let (modifiers, key) = match combination.rsplit_once('+') {
        Some((modifiers, key)) if !key.is_empty() => (modifiers, key),
        _ => ("", combination),
    };
    let bit = |name| match name {
        "Alt" => 1,
        "Control" => 2,
        "Meta" => 4,
        "Shift" => 8,
        _ => panic!("{combination}: no such modifier as {name}"),
    };
    let modifiers: u32 = modifiers.split('+').filter(|name| !name.is_empty()).map(bit).sum();
    let (code, key, number, text) = match NAMED.iter().find(|(name, ..)| *name == key) {
        Some((code, key, number, text)) => ((*code).to_owned(), *key, *number, *text),
        None => character(key),
    };
    // With Control or Meta held, a key commands and types nothing.
    let text = if modifiers & 6 == 0 { text } else { "" };
    let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
    let event =
        |kind| json!({ "type": kind, "modifiers": modifiers, "key": key, "code": code, "windowsVirtualKeyCode": number, "text": text });
    let mut up = event("keyUp");
    up["text"] = "".into();
    [event(kind), up]
}

fn character(key: &str) -> (String, &str, u32, &str) {
    let mut letters = key.chars();
    let letter = letters.next().filter(|_| letters.next().is_none()).unwrap_or_else(|| panic!("no such key as {key}"));
    let code = match letter {
        'a'..='z' | 'A'..='Z' => format!("Key{}", letter.to_ascii_uppercase()),
        '0'..='9' => format!("Digit{letter}"),
        _ => String::new(),
    };
    let number = if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() as u32 } else { 0 };
    (code, key, number, key)
}
