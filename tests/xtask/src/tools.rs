//! What the build and the page tests need beside Rust, installed where it is missing.
//!
//! Everything goes below `target/tools`, so that a user's own versions stay as they are; only rustup's target and Debian's
//! Chromium and npm are installed for the whole machine.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Failure, Steps, cargo, root, say, target};

/// The target of page and worker.
pub const WASM: &str = "wasm32-unknown-unknown";

const TRUNK: &str = "0.21.14";
/// Must be the version of the `wasm-bindgen` crate in `Cargo.toml`.
const WASM_BINDGEN: &str = "0.2.130";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";
const AXE: &str = "4.14.1";
/// The last that runs on Node.js 18 and 20.
const LIGHTHOUSE: &str = "12.8.2";

/// What the page tests are told.
pub struct Browser {
    /// The browser that is driven.
    pub chromium: PathBuf,
    /// The accessibility checker's script.
    pub axe: PathBuf,
    /// The program of the auditor that grades pages.
    pub lighthouse: PathBuf,
}

/// Target, crates and bundler.
pub fn for_building(steps: &mut Steps) -> Result<(), Failure> {
    if !has_wasm_target() {
        say("the wasm32 target is missing; rustup installs it, about half a minute");
        steps.run("wasm32 target", Command::new("rustup").current_dir(root()).args(["target", "add", WASM]))?;
    }
    // Trunk is told to stay offline, and passes that on to cargo.
    steps.run("crates", &mut cargo(&["fetch", "--locked"]))?;
    install("trunk", TRUNK, "trunk", &["--locked"], "5 minutes", steps)?;
    // Without --locked, since its lock file holds crates that newer compilers refuse.
    install("wasm-bindgen", WASM_BINDGEN, "wasm-bindgen-cli", &[], "2 minutes", steps)?;
    Ok(())
}

/// What makes files small, where npm is there to fetch it: wasm-opt for the module, esbuild for script and style sheet.
pub fn for_small_files(steps: &mut Steps) -> Result<(), Failure> {
    if wasm_opt().is_some() && esbuild().is_some() {
        return Ok(());
    }
    if !has("npm") {
        say("npm is not here to fetch wasm-opt and esbuild: the download of the page is some 10 % larger without them");
        return Ok(());
    }
    say("wasm-opt or esbuild is missing; npm installs them into target/tools, about 20 seconds");
    npm_install(&[&format!("binaryen@{BINARYEN}"), &format!("esbuild@{ESBUILD}")], steps)
}

/// A Chromium.
pub fn for_driving(steps: &mut Steps) -> Result<PathBuf, Failure> {
    if chromium().is_none() {
        apt_install("chromium", "no Chromium or Chrome was found", steps)?;
    }
    chromium().ok_or_else(|| {
        Failure::new(
            "Chromium",
            "the page tests need Chromium or Chrome: install one, or name its program in the variable RETAILQ_CHROMIUM",
        )
    })
}

/// A Chromium and the accessibility checkers.
pub fn for_page_tests(steps: &mut Steps) -> Result<Browser, Failure> {
    let chromium = for_driving(steps)?;
    let [axe, lighthouse] = ["axe-core/axe.min.js", "lighthouse/cli/index.js"].map(|file| npm_modules().join(file));
    if !axe.exists() || !lighthouse.exists() {
        if !has("npm") {
            apt_install("npm", "npm, which fetches the accessibility checkers axe-core and Lighthouse, was not found", steps)?;
        }
        if !has("npm") {
            return Err(Failure::new(
                "accessibility checkers",
                "the accessibility tests need axe-core and Lighthouse, and npm to fetch them: install Node.js, which brings npm",
            ));
        }
        say("the accessibility checkers axe-core and Lighthouse are missing; npm installs them, about half a minute");
        npm_install(&[&format!("axe-core@{AXE}"), &format!("lighthouse@{LIGHTHOUSE}")], steps)?;
    }
    Ok(Browser { chromium, axe, lighthouse })
}

/// A trunk command that downloads nothing by itself.
pub fn trunk(subcommand: &str) -> Command {
    let mut command = Command::new(find("trunk").unwrap_or_else(|| "trunk".into()));
    command.current_dir(root()).env("PATH", path()).args([subcommand, "--offline", "true", "--skip-version-check", "--locked", "true"]);
    command
}

/// The command that starts wasm-opt, if it is here.
pub fn wasm_opt() -> Option<Command> {
    if let Some(program) = find("wasm-opt") {
        return Some(Command::new(program));
    }
    let script = npm_modules().join("binaryen/bin/wasm-opt");
    let mut node = Command::new(find("node")?);
    node.arg(&script);
    script.exists().then_some(node)
}

/// The command that starts esbuild, if it is here.
pub fn esbuild() -> Option<Command> {
    let program = npm_modules().join(".bin").join(if cfg!(windows) { "esbuild.cmd" } else { "esbuild" });
    program.exists().then(|| Command::new(program))
}

fn own_tools() -> PathBuf {
    target().join("tools")
}

fn npm_modules() -> PathBuf {
    own_tools().join("node_modules")
}

/// The search path, our own tools first: trunk takes wasm-bindgen from it.
fn path() -> OsString {
    let own = own_tools().join("bin");
    let inherited = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(own).chain(env::split_paths(&inherited))).unwrap_or(inherited)
}

/// The program of this name on the search path.
fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path()).map(|directory| directory.join(&file)).find(|file| file.is_file())
}

fn has(program: &str) -> bool {
    find(program).is_some() || find(&format!("{program}.cmd")).is_some()
}

fn has_wasm_target() -> bool {
    let libraries = Command::new("rustc").current_dir(root()).args(["--print", "target-libdir", "--target", WASM]).output();
    libraries.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// Installs a program from crates.io unless this very version of it is here.
fn install(program: &str, version: &str, package: &str, flags: &[&str], time: &str, steps: &mut Steps) -> Result<(), Failure> {
    let output = find(program).and_then(|file| Command::new(file).arg("--version").output().ok());
    if output.is_some_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(&format!(" {version}"))) {
        return Ok(());
    }
    say(&format!("{program} {version} is missing; cargo builds it into target/tools, once, about {time} on two cores"));
    let mut command = cargo(&["install", package, "--version", version, "--root"]);
    steps.run(program, command.arg(own_tools()).args(flags))
}

fn npm_install(packages: &[&str], steps: &mut Steps) -> Result<(), Failure> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.current_dir(root()).args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(own_tools());
    steps.run("npm", command.args(packages))
}

/// Installs a Debian package where there is apt; elsewhere it leaves the user to it.
fn apt_install(package: &str, why: &str, steps: &mut Steps) -> Result<(), Failure> {
    if !has("apt-get") {
        return Ok(());
    }
    say(&format!("{why}; apt-get installs {package}, 1 to 3 minutes"));
    let is_root = Command::new("id").arg("-u").stderr(Stdio::null()).output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
        command.args((!is_root).then_some("apt-get")).args(arguments);
        command
    };
    steps.run("package list", &mut apt(&["update"]))?;
    steps.run(package, &mut apt(&["install", "--yes", "--no-install-recommends", package]))
}

/// A Firefox, if there is one.
pub fn firefox() -> Option<PathBuf> {
    let named = env::var_os("RETAILQ_FIREFOX").map(PathBuf::from);
    named.or_else(|| ["firefox", "firefox-esr"].into_iter().find_map(find))
}

fn chromium() -> Option<PathBuf> {
    let named = env::var_os("RETAILQ_CHROMIUM").map(PathBuf::from);
    let on_path = || ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"].into_iter().find_map(find);
    let installed = || {
        let usual = [
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
            r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        ];
        usual.into_iter().map(PathBuf::from).find(|file| file.is_file())
    };
    named.or_else(on_path).or_else(installed)
}
