//! Headless Firefox with a new profile, spoken to in WebDriver BiDi: enough to open the page and to ask it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::new_directory;
use crate::connection::Connection;
use crate::dist;
use crate::site::Site;

/// A running Firefox with one tab; it ends with this value.
pub struct Firefox {
    process: Child,
    profile: PathBuf,
    connection: Connection,
    tab: String,
    site: Site,
}

impl Firefox {
    /// Serves `dist/` and starts Firefox (`RETAILQ_FIREFOX`, or `firefox` on the search path).
    pub fn start() -> Self {
        let profile = new_directory();
        let program = std::env::var_os("RETAILQ_FIREFOX").unwrap_or_else(|| "firefox".into());
        let mut command = Command::new(&program);
        command.args(["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"]).arg(&profile).arg("about:blank");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let process = process.unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let mut connection = Connection::open(port(&profile), "/session");
        connection.call("session.new", json!({ "capabilities": {} }));
        let tree = connection.call("browsingContext.getTree", json!({}));
        let tab = tree["contexts"][0]["context"].as_str().expect("a tab").to_owned();
        Self { process, profile, connection, tab, site: Site::of(dist()) }
    }

    /// Opens the page with a hash.
    pub fn open(&mut self, hash: &str) {
        let url = format!("{}{hash}", self.site.address);
        self.connection.call("browsingContext.navigate", json!({ "context": self.tab, "url": url, "wait": "complete" }));
    }

    /// Waits half a minute for a condition.
    pub fn wait_for(&mut self, condition: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.eval(&format!("String(Boolean({condition}))")) != "true" {
            assert!(Instant::now() < deadline, "{condition}: not within half a minute");
            sleep(Duration::from_millis(50));
        }
    }

    /// The text that an expression, or the promise it gives, comes to.
    pub fn eval(&mut self, expression: &str) -> String {
        let parameters = json!({ "expression": expression, "target": { "context": self.tab }, "awaitPromise": true });
        let found = self.connection.call("script.evaluate", parameters);
        let value: &Value = &found["result"]["value"];
        value.as_str().unwrap_or_else(|| panic!("{expression}: {found}")).to_owned()
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// The port that Firefox writes down once it listens.
fn port(profile: &Path) -> u16 {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let text = fs::read_to_string(profile.join("WebDriverBiDiServer.json")).unwrap_or_default();
        let server: Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(port) = server["ws_port"].as_u64().and_then(|port| port.try_into().ok()) {
            return port;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("Firefox did not start within a minute");
}
