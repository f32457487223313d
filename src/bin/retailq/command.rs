//! What is asked for, and its answer.

mod answer;
mod arguments;
mod compare;
mod evaluate;
mod list;
mod save;
mod solve;
mod train;

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use retailq::invalid::Invalid;
use retailq::share::from_text;
use retailq::words::Language::English;
use serde_json::{Value as Json, json};

use answer::print;
use arguments::{Options, USAGE, parse};

pub fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => return fail(&json!({ "error": message, "usage": USAGE })),
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => fail(&json!({ "errors": errors.iter().map(describe).collect::<Vec<_>>() })),
    }
}

fn fail(report: &Json) -> ExitCode {
    eprintln!("{report:#}");
    ExitCode::FAILURE
}

fn describe(error: &Invalid) -> Json {
    json!({ "field": error.key, "value": error.value, "message": error.message(English) })
}

fn run(options: &Options) -> Result<(), Vec<Invalid>> {
    if options.command == "list" {
        return print(&list::list(&options.input)?, options.compact);
    }
    let shared = from_text(&read(&options.input)?)?;
    if let Some(other) = &options.other {
        return print(&compare::compare(&shared, &from_text(&read(other)?)?, options.seeds)?, options.compact);
    }
    match options.command.as_str() {
        "solve" => solve::solve(&shared, options.compact),
        "evaluate" => print(&evaluate::evaluate(&shared, options.episodes)?, options.compact),
        _ => print(&train::train(&shared, options)?, options.compact),
    }
}

fn read(input: &str) -> Result<String, Vec<Invalid>> {
    let unreadable =
        |error: std::io::Error| vec![Invalid::new("file", format!("{input}: {error}"), retailq::words!("cannot be read", "无法读取"))];
    if input == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return Ok(text);
    }
    let is_text = input.contains('#') || input.starts_with("1&") || input.starts_with('{');
    if is_text && !Path::new(input).is_file() {
        return Ok(input.to_owned());
    }
    std::fs::read_to_string(input).map_err(unreadable)
}
