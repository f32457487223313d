//! Size of the first load, compressed as a good host would: `cargo run --package retailq-browser-tests --bin size`.

use std::fs;
use std::process::ExitCode;

use brotli::enc::BrotliEncoderParams;

/// What a visitor should have to download at most before the page is complete. It is not reached yet: the words and models of all
/// scenarios stand in the page and in the worker.
const GOAL: usize = 200_000;
/// What it may be today, so that it only shrinks: lower it with every gain.
const BUDGET: usize = 660_000;

fn main() -> ExitCode {
    let directory = retailq_browser_tests::dist();
    let mut files: Vec<_> = fs::read_dir(directory).expect("dist").flatten().filter(|entry| entry.path().is_file()).collect();
    files.sort_by_key(|entry| entry.file_name());
    println!("{:<36} {:>9} {:>9}", "file", "bytes", "brotli");
    let mut total = 0;
    for file in files {
        let plain = fs::read(file.path()).expect("a file of dist");
        let mut compressed = Vec::new();
        let parameters = BrotliEncoderParams { quality: 11, ..Default::default() };
        brotli::BrotliCompress(&mut plain.as_slice(), &mut compressed, &parameters).expect("compression");
        println!("{:<36} {:>9} {:>9}", file.file_name().to_string_lossy(), plain.len(), compressed.len());
        total += compressed.len();
    }
    println!("first load: {total} bytes; budget {BUDGET}; goal {GOAL}, missed by {}", total.saturating_sub(GOAL));
    if total > BUDGET {
        eprintln!("over the budget by {} bytes", total - BUDGET);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
