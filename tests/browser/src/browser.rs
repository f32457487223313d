//! Headless Chromium with a new profile, and the site it visits.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::dist;
use crate::page::Page;
use crate::process::{Process, new_profile};
use crate::site::Site;

const FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync \
    --disable-extensions --disable-default-apps --no-first-run --no-default-browser-check --mute-audio --hide-scrollbars \
    --disable-background-timer-throttling --disable-renderer-backgrounding --disable-backgrounding-occluded-windows \
    --disable-dev-shm-usage --remote-debugging-port=0";

/// A running browser; it ends with this value.
pub struct Browser {
    process: Process,
    port: u16,
    connection: RefCell<Connection>,
    site: Site,
}

impl Browser {
    /// Serves `dist/` and starts Chromium (`RETAILQ_CHROMIUM`, or `chromium` on the search path).
    pub fn start() -> Self {
        Self::visiting(dist(), json!({}))
    }

    /// The same where the visitor has blocked everything a page could keep: touching it throws.
    pub fn without_storage() -> Self {
        Self::visiting(dist(), json!({ "profile": { "default_content_setting_values": { "cookies": 2 } } }))
    }

    /// The same with a site of one's own.
    pub fn at(directory: PathBuf) -> Self {
        Self::visiting(directory, json!({}))
    }

    fn visiting(directory: PathBuf, preferences: Value) -> Self {
        let site = Site::of(directory);
        let profile = new_profile();
        fs::create_dir(profile.join("Default")).expect("a directory for preferences");
        fs::write(profile.join("Default/Preferences"), preferences.to_string()).expect("a file for preferences");
        let own = [format!("--user-data-dir={}", profile.display()), "about:blank".to_owned()];
        let arguments = FLAGS.split_whitespace().map(str::to_owned).chain(own);
        let process = Process::start("RETAILQ_CHROMIUM", "chromium", arguments, profile);
        let (port, path) = process.written("DevToolsActivePort", |text| {
            let (port, path) = text.split_once('\n')?;
            Some((port.parse().ok()?, path.trim().to_owned())).filter(|(_, path)| path.starts_with('/'))
        });
        let mut connection = Connection::open(port, &path);
        connection.call("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }));
        Self { process, port, connection: RefCell::new(connection), site }
    }

    /// Address of the page: below a sub-path, and ending in a slash.
    pub fn site(&self) -> &str {
        &self.site.address
    }

    /// Takes the site off the network, for service workers too, which no tab speaks for.
    pub fn unplug(&self) {
        self.site.unplug();
    }

    /// Names of the files that the site has sent so far, in order.
    pub fn served(&self) -> Vec<String> {
        self.site.served()
    }

    /// Where other tools can join in driving it.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Opens an empty tab of 1280 by 720.
    pub fn page(&self) -> Page {
        let target = self.connection.borrow_mut().call("Target.createTarget", json!({ "url": "about:blank" }));
        let path = format!("/devtools/page/{}", target["targetId"].as_str().expect("a tab"));
        Page::new(Connection::open(self.port, &path), self.site.address.clone())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked first, so that its helper processes end too; killed if it does not listen.
        if !std::thread::panicking() && self.connection.get_mut().try_call("Browser.close", json!({})).is_ok() {
            self.process.leave();
        }
    }
}
