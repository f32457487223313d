//! The last step of every build, which Trunk calls (see `Trunk.toml`): smaller files, the page in one file, the page without a network.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::step::Failure;
use crate::{offline, one_file, tools};

/// Set for `dist`, not for `serve`: there size counts more than the half minute that wasm-opt takes, and nothing may be kept offline.
pub const PUBLISH: &str = "RETAILQ_PUBLISH";

const NAME: &str = "finish";

/// Works on the directory that Trunk is about to publish.
pub fn finish() -> Result<(), Failure> {
    let directory = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let directory = directory.ok_or_else(|| Failure::new(NAME, "is called by Trunk, with TRUNK_STAGING_DIR set"))?;
    let publish = env::var_os(PUBLISH).is_some();
    if publish {
        optimise(&directory)?;
    }
    one_file::write(&directory).map_err(|error| Failure::new(one_file::NAME, error))?;
    if publish {
        offline::write(&directory).map_err(|error| Failure::new(offline::NAME, error))?;
    }
    Ok(())
}

/// Makes the code small, where wasm-opt is installed.
fn optimise(directory: &Path) -> Result<(), Failure> {
    let Some(mut wasm_opt) = tools::wasm_opt() else { return Ok(()) };
    let entries = fs::read_dir(directory).map_err(|error| Failure::new(NAME, error))?;
    let file = entries.flatten().map(|entry| entry.path()).find(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    let file = file.ok_or_else(|| Failure::new(NAME, "there is no module"))?;
    let status = wasm_opt.arg("-Oz").arg(&file).arg("-o").arg(&file).status();
    let status = status.map_err(|error| Failure::new("wasm-opt", error))?;
    if status.success() { Ok(()) } else { Err(Failure::new("wasm-opt", status)) }
}
