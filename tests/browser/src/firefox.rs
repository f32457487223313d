//! Headless Firefox with a new profile, spoken to in WebDriver BiDi: enough to open the page and to ask it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::dist;
use crate::process::{Process, new_profile};
use crate::site::Site;

/// A running Firefox with one tab; it ends with this value.
pub struct Firefox {
    _process: Process,
    connection: Connection,
    tab: String,
    site: Site,
}

impl Firefox {
    /// Serves `dist/` and starts Firefox (`RETAILQ_FIREFOX`, or `firefox` on the search path).
    pub fn start() -> Self {
        let profile = new_profile();
        let own = profile.display().to_string();
        let arguments = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", &own, "about:blank"];
        let process = Process::start("RETAILQ_FIREFOX", "firefox", arguments, profile);
        let port = process.written("WebDriverBiDiServer.json", |text| {
            let server: Value = serde_json::from_str(text).ok()?;
            server["ws_port"].as_u64()?.try_into().ok()
        });
        let mut connection = Connection::open(port, "/session");
        connection.call("session.new", json!({ "capabilities": {} }));
        let tree = connection.call("browsingContext.getTree", json!({}));
        let tab = tree["contexts"][0]["context"].as_str().expect("a tab").to_owned();
        Self { _process: process, connection, tab, site: Site::of(dist()) }
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
