//! The last step of every build, which Trunk calls (see `Trunk.toml`): smaller files, the page in one file, the page without a network.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Streams of a server that the framework could talk to: exported, so that no linker drops them, and never used.
const UNUSED: &str = "--remove-exports=*intounderlying*";
/// The lowest kilobyte is the far end of the stack, so that no address wraps where an offset is added.
const LOW: &str = "--low-memory-unused";

/// Makes the files small, as far as the tools for it are installed.
fn optimise(directory: &Path) -> Result<(), Failure> {
    let failure = |error| Failure::new(NAME, error);
    let files: Vec<PathBuf> = fs::read_dir(directory).map_err(failure)?.flatten().map(|entry| entry.path()).collect();
    let of_kind = |kind: &str| files.iter().find(|file| file.extension().is_some_and(|extension| extension == kind));
    let module = of_kind("wasm").ok_or_else(|| Failure::new(NAME, "there is no module"))?;
    if let Some(mut esbuild) = tools::esbuild() {
        let script = PathBuf::from(module.to_string_lossy().replace("_bg.wasm", ".js"));
        let into = ["--minify", "--allow-overwrite", "--log-level=warning"];
        run("esbuild", esbuild.args(into).arg(format!("--outdir={}", directory.display())).arg(script).args(of_kind("css")))?;
    }
    let Some(mut wasm_opt) = tools::wasm_opt() else { return Ok(()) };
    // LLVM has put functions into their only callers where that pays; another copy there only hides likenesses from the compressor.
    const KEPT: &str = "--one-caller-inline-max-function-size=0";
    // What the first round leaves, the second still finds, more of it once values are followed through the whole module. "-Oz" makes fewer
    // bytes, but more when compressed.
    run("wasm-opt", wasm_opt.args([UNUSED, LOW, KEPT, "-O2", "--gufa-optimizing", "-Os", "--dealign"]).arg(module).arg("-o").arg(module))
}

fn run(name: &'static str, command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| Failure::new(name, error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(name, status)) }
}
