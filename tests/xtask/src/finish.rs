//! The last step of every build, which Trunk calls (see `Trunk.toml`): smaller files, and a worker that is never stale.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, say};
use crate::tools;

/// Set where size counts more than the half minute that wasm-opt takes: for `dist`, not for `serve`.
pub const OPTIMISE: &str = "RETAILQ_WASM_OPT";

const NAME: &str = "finish";

/// Works on the directory that Trunk is about to publish.
pub fn finish() -> Result<(), Failure> {
    let directory = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let directory = directory.ok_or_else(|| Failure::new(NAME, "is called by Trunk, with TRUNK_STAGING_DIR set"))?;
    if env::var_os(OPTIMISE).is_some() {
        optimise(&directory)?;
    }
    tag_worker(&directory).map_err(|error| Failure::new(NAME, error))
}

/// Makes the page's code small and the worker's fast, where wasm-opt is installed.
fn optimise(directory: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(directory).map_err(|error| Failure::new(NAME, error))?;
    for file in entries.flatten().map(|entry| entry.path()).filter(|file| file.extension().is_some_and(|extension| extension == "wasm")) {
        let Some(mut wasm_opt) = tools::wasm_opt() else { return Ok(()) };
        let is_worker = file.file_name().is_some_and(|name| name == "worker_bg.wasm");
        let status = wasm_opt.arg(if is_worker { "-O3" } else { "-Oz" }).arg(&file).arg("-o").arg(&file).status();
        let status = status.map_err(|error| Failure::new("wasm-opt", error))?;
        if !status.success() {
            return Err(Failure::new("wasm-opt", status));
        }
    }
    Ok(())
}

/// Trunk gives every file but the worker's a name that changes with its content; the worker's get a query that does.
fn tag_worker(directory: &Path) -> std::io::Result<()> {
    let [script, module] = ["worker.js", "worker_bg.wasm"].map(|name| fs::read(directory.join(name)));
    let tag = format!("{:016x}", hash(&[script?, module?].concat()));
    let loader = format!("importScripts('./worker.js?v={tag}');wasm_bindgen({{module_or_path:'./worker_bg.wasm?v={tag}'}});");
    fs::write(directory.join("worker_loader.js"), loader)?;
    let page = directory.join("index.html");
    let text = fs::read_to_string(&page)?;
    if !text.contains("\"worker_loader.js\"") {
        return Err(std::io::Error::other("index.html does not name worker_loader.js"));
    }
    fs::write(page, text.replace("\"worker_loader.js\"", &format!("\"worker_loader.js?v={tag}\"")))?;
    say(&format!("worker {tag}"));
    Ok(())
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
