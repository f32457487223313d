//! The rules of the source that the compiler does not hold: who may use whom, and which functions repeat on every machine.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// Longest file that is still read in one go.
const MOST_LINES: usize = 450;

/// A source file without comments and without its unit tests, which may use whatever they like.
struct Source {
    /// Path below `src`, with forward slashes.
    path: String,
    code: String,
    lines: usize,
}

impl Source {
    /// The module of `lib.rs` it belongs to; `None` for `lib.rs` itself and for binaries.
    fn module(&self) -> Option<&str> {
        let first = self.path.split('/').next().unwrap();
        (first != "bin" && first != "lib.rs").then(|| first.trim_end_matches(".rs"))
    }

    /// Whether it belongs to the page, a package of its own, where clocks and the platform's own arithmetic are in order.
    fn is_browser(&self) -> bool {
        matches!(self.module(), None | Some("web"))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let path = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            let bare = bare(&text);
            let code = bare.split("#[cfg(test)]").next().unwrap().to_owned();
            Source { path, code, lines: text.lines().count() }
        })
        .collect()
}

/// Code without its strings and comments. Quotes stay, empty, so that what stood in them neither counts nor hides what follows.
fn bare(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(letter) = rest.chars().next() {
        let after_word = code.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_');
        let hashes = rest.strip_prefix('r').map_or(0, |rest| rest.len() - rest.trim_start_matches('#').len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if !after_word && letter == 'r' && rest[1 + hashes..].starts_with('"') {
            code.push_str("\"\"");
            let end = format!("\"{}", "#".repeat(hashes));
            rest[2 + hashes..].find(&end).map_or(rest.len(), |found| 2 + hashes + found + end.len())
        } else if letter == '"' {
            code.push_str("\"\"");
            closing(rest, '"').unwrap_or(rest.len())
        } else if letter == '\'' && (rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'')) {
            code.push_str("''");
            closing(rest, '\'').unwrap_or(rest.len())
        } else {
            code.push(letter);
            letter.len_utf8()
        };
        rest = &rest[length..];
    }
    code
}

/// Where the literal ends that a text begins with.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == quote && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The identifier a text begins with.
fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len());
    &text[..end]
}

/// Modules in the order of `lib.rs`.
fn declared() -> Vec<String> {
    let sources = sources();
    let library = sources.iter().find(|source| source.path == "lib.rs").unwrap();
    library.code.split("pub mod ").skip(1).map(|rest| identifier(rest).to_owned()).collect()
}

/// First segments of every path from the root, `crate::x` or by so many `super::` as lead there from a file; groups (`crate::{x::y, z}`)
/// included.
fn used(path: &str, code: &str) -> Vec<String> {
    let mut names = Vec::new();
    let depth = path.trim_end_matches("/mod.rs").split('/').count();
    for rest in code.replace(&"super::".repeat(depth), "crate::").split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => names.push(identifier(rest).to_owned()),
            Some(group) => names.extend(heads(group)),
        }
    }
    names
}

/// First segments of the entries of a use group, given the text after its opening brace.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut entry) = (1, Vec::new(), String::new());
    for letter in group.chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if depth == 0 || (depth == 1 && letter == ',') {
            heads.push(identifier(entry.trim()).to_owned());
            entry.clear();
        } else {
            entry.push(letter);
        }
        if depth == 0 {
            break;
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

#[test]
fn a_module_uses_only_modules_declared_above_it() {
    let order = declared();
    let position = |name: &str| order.iter().position(|module| module == name);
    let mut faults = Vec::new();
    for source in sources() {
        let Some(module) = source.module().filter(|_| !source.is_browser()) else { continue };
        let own = position(module).unwrap_or_else(|| panic!("{} is not declared in lib.rs", source.path));
        for name in used(&source.path, &source.code) {
            if position(&name).is_some_and(|other| other > own) {
                faults.push(format!("{} uses `{name}`, which lib.rs declares below `{module}`", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_map_in_readme_has_every_module_in_its_place() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let map = readme.split("## Map of the source").nth(1).unwrap().split("\n## ").next().unwrap();
    let first_columns = map.lines().filter_map(|line| line.strip_prefix("| `")).map(|row| row.split(" | ").next().unwrap());
    let names: Vec<&str> =
        first_columns.flat_map(|column| column.split(", ")).map(|cell| identifier(cell.trim_start_matches('`'))).collect();
    let expected: Vec<String> = declared().into_iter().chain(["web", "bin", "www", "tests"].map(str::to_owned)).collect();
    assert_eq!(names, expected);
}

#[test]
fn paths_are_found_in_groups_and_in_expressions() {
    let code = "use crate::{mdp::{State, Action}, model, text::exact};\nlet x = crate::planner::solve(crate::words!());";
    assert_eq!(used("agent/dqn/plan.rs", code), ["mdp", "model", "text", "planner", "words"]);
    let upwards = "use super::{mdp::State, text};\nuse super::super::model::Model;\nuse super::super::super::words;";
    assert_eq!(used("share.rs", upwards)[..2], ["mdp", "text"]);
    assert_eq!(used("agent/mod.rs", "use super::model::Model;"), ["model"]);
    assert_eq!(used("agent/sarsa.rs", "use super::Agent;\nuse super::super::model::Model;"), ["model"]);
    assert_eq!(used("agent/dqn/plan.rs", upwards), ["words"]);
}

#[test]
fn strings_and_comments_are_no_code_and_hide_none() {
    let code = concat!(
        "let a = \"https://crate::web\"; use crate::mdp; // crate::agent\n",
        "let b = ['\"', '\\'']; use crate::model; /* crate::share */ let c: &'static str = r#\"\" crate::csv // \"#; use crate::text;\n",
        "let d = \"\\\\\"; use crate::order; let e = \"\\\" crate::pack\";",
    );
    assert_eq!(used("share.rs", &bare(code)), ["mdp", "model", "text", "order"]);
}

/// Refuses words outside the browser's part of the source, saying why.
fn refuse(words: &[&str], why: &str) {
    let engine = sources().into_iter().filter(|source| !source.is_browser());
    let faults: Vec<String> = engine
        .flat_map(|source| {
            let found = source.code.lines().filter_map(|line| words.iter().find(|word| mentions(line, word)));
            found.map(|word| format!("{}: `{word}`", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "{why}\n{}", faults.join("\n"));
}

/// Whether a line has the word, and not only as a part of a longer one.
fn mentions(line: &str, word: &str) -> bool {
    let joins =
        |outer: Option<char>, inner: Option<char>| [outer, inner].iter().all(|it| it.is_some_and(|it| it.is_alphanumeric() || it == '_'));
    line.match_indices(word).any(|(at, _)| {
        let after = line[at + word.len()..].chars().next();
        !joins(line[..at].chars().next_back(), word.chars().next()) && !joins(after, word.chars().next_back())
    })
}

#[test]
fn the_engine_knows_no_browser() {
    let words = ["web_sys", "js_sys", "wasm_bindgen", "leptos", "getrandom", "plotters_canvas"];
    refuse(&words, "the browser belongs in src/web:");
}

#[test]
fn the_page_says_on_which_side_a_name_is() {
    let page = sources().into_iter().filter(|source| source.module() == Some("web"));
    let faults: Vec<String> =
        page.filter(|it| it.code.contains("super::super") || it.code.contains("use retailq::*")).map(|it| it.path).collect();
    assert!(faults.is_empty(), "the engine is `retailq::`, the page `crate::` or, beside a file, `super::`: {}", faults.join(", "));
}

#[test]
fn the_engine_repeats_on_every_machine() {
    refuse(&["HashMap", "HashSet", "std::time", "SystemTime", "Instant"], "neither hash order nor a clock may steer a run:");
    refuse(&["SmallRng", "StdRng", "thread_rng"], "these generators differ between versions and machines:");
    refuse(&["mul_add", "relaxed_simd"], "not the same in every build:");
}

#[test]
fn transcendental_functions_come_from_libm() {
    let methods = "exp exp2 exp_m1 ln ln_1p log log2 log10 powf powi sin cos tan sin_cos sinh cosh tanh asin acos atan atan2 cbrt hypot";
    let calls: Vec<String> =
        methods.split(' ').flat_map(|name| [format!(".{name}("), format!("f64::{name}"), format!("f32::{name}")]).collect();
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    refuse(&calls, "the standard library's differ between native and wasm; use the libm crate:");
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, String)> = sources().into_iter().map(|source| (source.lines, source.path)).collect();
    lengths.sort();
    let (longest, path) = lengths.last().unwrap();
    println!("{} files, median {} lines, longest {longest} ({path})", lengths.len(), lengths[lengths.len() / 2].0);
    let long: Vec<String> =
        lengths.iter().filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("{path}: {lines}")).collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines: {}", long.join(", "));
}
