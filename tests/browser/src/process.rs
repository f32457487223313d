//! A browser's process and its profile, which end with this value.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A running browser.
pub struct Process {
    child: Child,
    profile: PathBuf,
}

impl Process {
    /// Starts the program that a variable names, or else `usual` on the search path.
    pub fn start<A: AsRef<OsStr>>(variable: &str, usual: &str, arguments: impl IntoIterator<Item = A>, profile: PathBuf) -> Self {
        let program = std::env::var_os(variable).unwrap_or_else(|| usual.into());
        let mut command = Command::new(&program);
        let child = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        Self { child, profile }
    }

    /// What the browser writes into a file of its profile once it listens.
    pub fn written<T>(&self, file: &str, read: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            let text = fs::read_to_string(self.profile.join(file)).unwrap_or_default();
            if let Some(found) = read(&text) {
                return found;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("the browser did not start within 30 seconds: no {file}");
    }

    /// Waits until it has ended by itself, for a while.
    pub fn leave(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// An empty directory for a profile.
pub fn new_profile() -> PathBuf {
    let name = |attempt: u32| std::env::temp_dir().join(format!("retailq-browser-{}-{attempt}", std::process::id()));
    (0..1000).map(name).find(|directory| fs::create_dir(directory).is_ok()).expect("a directory for the browser's profile")
}
