//! The two language files of the page say the same things, and neither says anything the page does not use.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn texts(name: &str) -> BTreeMap<String, String> {
    let file = fs::read_to_string(root().join("www").join(name)).unwrap();
    let mut texts = BTreeMap::new();
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (key, text) = line.split_once('=').unwrap_or_else(|| panic!("{name}: `{line}` is not `key = text`"));
        assert!(!text.trim().is_empty(), "{name}: {key} is empty");
        assert!(texts.insert(key.trim().to_owned(), text.trim().to_owned()).is_none(), "{name}: {key} stands twice");
    }
    texts
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

/// String literals that stand where a key does: the first after `t(` or `fill(`.
fn used(directory: &Path, keys: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            used(&path, keys);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for call in ["t(", "fill("] {
            for (at, _) in source.match_indices(call) {
                let joined = source[..at].chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
                let Some((before, rest)) = source[at + call.len()..].split_once('"') else { continue };
                let is_argument =
                    before.trim().trim_end_matches(',').chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
                if !joined && is_argument && before.trim().ends_with(',') {
                    keys.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_texts() {
    let (english, chinese) = (texts("en.txt"), texts("zh.txt"));
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&english).symmetric_difference(&keys(&chinese)).collect::<Vec<_>>(), Vec::<&String>::new());
    for (key, text) in &english {
        assert_eq!(placeholders(text), placeholders(&chinese[key]), "{key}");
        [text, &chinese[key]].into_iter().for_each(|text| common::typeset(text, key));
    }
}

#[test]
fn every_text_exists_and_is_used() {
    let mut keys = BTreeSet::new();
    used(&root().join("src/web"), &mut keys);
    let known: BTreeSet<String> = texts("en.txt").into_keys().collect();
    assert_eq!(keys.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "used, but in no language file");
    assert_eq!(known.difference(&keys).collect::<Vec<_>>(), Vec::<&String>::new(), "in the language files, but not used");
}
