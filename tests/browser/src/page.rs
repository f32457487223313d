//! A tab, as a visitor uses it and as a tester looks at it.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::{Value, json};

use crate::connection::{Connection, follow_others};
use crate::input;
use crate::log::{Message, exception};

/// Smoothness of the page over some time.
#[derive(Clone, Debug)]
pub struct Frames {
    /// Frames a second.
    pub per_second: f64,
    /// Longest time between two frames, in milliseconds.
    pub longest_gap: f64,
    /// Durations of tasks over 50 ms, in milliseconds.
    pub long_tasks: Vec<f64>,
}

/// A tab of the browser.
pub struct Page {
    connection: Connection,
    site: String,
    dark: bool,
    reduced_motion: bool,
}

impl Page {
    pub(crate) fn new(mut connection: Connection, site: String) -> Self {
        for domain in ["Page", "Runtime", "Log", "Network"] {
            connection.call(&format!("{domain}.enable"), json!({}));
        }
        connection.call("Target.setAutoAttach", follow_others());
        connection.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        let mut page = Self { connection, site, dark: false, reduced_motion: false };
        page.viewport(1280, 720, 1.0);
        page
    }

    /// Goes to an address of the site (`""`, `"#1puterman"`) or to a full one, and waits until it is loaded.
    pub fn open(&mut self, address: &str) {
        let full = ["http:", "file:", "about:", "data:"].iter().any(|scheme| address.starts_with(scheme));
        let url = if full { address.to_owned() } else { format!("{}{address}", self.site) };
        let loads = self.connection.log.loads;
        let reply = self.connection.call("Page.navigate", json!({ "url": url }));
        assert!(reply["errorText"].is_null(), "{url}: {}", reply["errorText"]);
        // A change of the fragment alone loads nothing.
        if !reply["loaderId"].is_null() {
            assert!(self.connection.listen_until(Duration::from_secs(30), |log| log.loads > loads), "{url} did not load");
        }
    }

    /// Loads the present address anew.
    pub fn reload(&mut self) {
        let loads = self.connection.log.loads;
        self.connection.call("Page.reload", json!({ "ignoreCache": true }));
        assert!(self.connection.listen_until(Duration::from_secs(30), |log| log.loads > loads), "the page did not load again");
    }

    /// Value of a JavaScript expression; promises are awaited.
    pub fn eval(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut reply = self.connection.call("Runtime.evaluate", parameters);
        assert!(reply["exceptionDetails"].is_null(), "{expression}: {}", exception(&reply["exceptionDetails"]));
        reply["result"]["value"].take()
    }

    /// Waits until an expression is true, and says how long that took.
    pub fn wait_for(&mut self, condition: &str, seconds: f64) -> Duration {
        let start = Instant::now();
        while self.eval(&format!("Boolean({condition})")) != true {
            if start.elapsed().as_secs_f64() > seconds {
                panic!("not within {seconds} s: {condition}\nconsole: {:#?}", self.messages());
            }
            sleep(Duration::from_millis(15));
        }
        start.elapsed()
    }

    /// What an element shows; it must be there.
    pub fn text(&mut self, selector: &str) -> String {
        self.wait_for(&element(selector), 5.0);
        self.eval(&format!("{}.innerText", element(selector))).as_str().unwrap_or_default().to_owned()
    }

    /// Whether an element is there and seen.
    pub fn is_visible(&mut self, selector: &str) -> bool {
        self.eval(&format!("Boolean({}?.checkVisibility({{ visibilityProperty: true }}))", element(selector))) == true
    }

    /// Scrolls to an element and clicks its middle, which nothing may cover. Who finds that it has moved meanwhile aims again.
    pub fn click(&mut self, selector: &str) {
        const AIMS: u32 = 3;
        let mut covering = Value::Null;
        for _ in 0..AIMS {
            let (x, y) = self.middle(selector);
            covering = self.covering(selector, x, y);
            if covering.is_null() {
                return self.click_at(x, y);
            }
        }
        panic!("cannot click {selector}: at its middle is {covering}");
    }

    /// What lies over an element at a point, if anything does.
    fn covering(&mut self, selector: &str, x: f64, y: f64) -> Value {
        let it = element(selector);
        self.eval(&format!(
            "(() => {{ const it = {it}, top = document.elementFromPoint({x}, {y});
                return top && (it.contains(top) || top.contains(it) || [...it.labels ?? []].some(label => label.contains(top)))
                    ? null : top?.outerHTML.slice(0, 200) ?? 'nothing'; }})()"
        ))
    }

    /// Clicks a point of the window, as on a chart.
    pub fn click_at(&mut self, x: f64, y: f64) {
        self.point_at(x, y);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.connection.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Moves the pointer to a point of the window.
    pub fn point_at(&mut self, x: f64, y: f64) {
        self.connection.call("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y }));
    }

    /// Middle of an element in the window, after scrolling to it and waiting until nothing moves it any more.
    pub fn middle(&mut self, selector: &str) -> (f64, f64) {
        self.wait_for(&element(selector), 5.0);
        let it = element(selector);
        let middle = self.eval(&format!(
            "(async () => {{
                const place = () => {{
                    {it}?.scrollIntoView({{ block: 'center', inline: 'center', behavior: 'instant' }});
                    return {it}?.getBoundingClientRect() ?? new DOMRect();
                }};
                let box = place();
                for (let frame = 0; frame < 20; frame++) {{
                    await new Promise(requestAnimationFrame);
                    const before = box;
                    box = place();
                    if (box.width && ['x', 'y', 'width', 'height'].every(key => box[key] === before[key])) break;
                }}
                return [box.x + box.width / 2, box.y + box.height / 2, box.width * box.height]; }})()"
        ));
        assert!(middle[2].as_f64() > Some(0.0), "{selector} has no size");
        (middle[0].as_f64().unwrap_or_default(), middle[1].as_f64().unwrap_or_default())
    }

    /// Presses and releases a key: `Space`, `Shift+ArrowRight`, `?`.
    pub fn key(&mut self, combination: &str) {
        for event in input::press(combination) {
            self.connection.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Types text where the focus is, key by key; other scripts arrive as from an input method.
    pub fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                ' ' => self.key("Space"),
                letter if letter.is_ascii_graphic() => self.key(&letter.to_string()),
                letter => drop(self.connection.call("Input.insertText", json!({ "text": letter.to_string() }))),
            }
        }
    }

    /// Replaces what a field holds by typing, and leaves the field.
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.eval(&format!("{}.select()", element(selector)));
        self.key("Backspace");
        self.type_text(text);
        self.key("Tab");
    }

    /// Chooses an entry of a list box by its value.
    pub fn choose(&mut self, selector: &str, value: &str) {
        self.wait_for(&element(selector), 5.0);
        let (it, value) = (element(selector), json!(value));
        let chosen = self.eval(&format!(
            "(() => {{ const it = {it}; it.focus(); it.value = {value};
                for (const name of ['input', 'change']) it.dispatchEvent(new Event(name, {{ bubbles: true }}));
                return it.value === {value}; }})()"
        ));
        assert_eq!(chosen, true, "{selector} has no entry {value}");
    }

    /// Sets the size of the window and the density of its pixels.
    pub fn viewport(&mut self, width: u32, height: u32, density: f64) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": density, "mobile": false });
        self.connection.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Prefers a dark or a light page.
    pub fn dark(&mut self, dark: bool) {
        self.dark = dark;
        self.set_media();
    }

    /// Prefers little motion.
    pub fn reduced_motion(&mut self, reduced: bool) {
        self.reduced_motion = reduced;
        self.set_media();
    }

    fn set_media(&mut self) {
        let scheme = if self.dark { "dark" } else { "light" };
        let motion = if self.reduced_motion { "reduce" } else { "no-preference" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": motion }]);
        self.connection.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Sets the browser's languages (`zh-CN,zh`), for pages opened from now on.
    pub fn language(&mut self, languages: &str) {
        let agent = self.connection.call("Browser.getVersion", json!({}))["userAgent"].take();
        self.connection.call("Emulation.setUserAgentOverride", json!({ "userAgent": agent, "acceptLanguage": languages }));
    }

    /// Cuts or restores the network, of workers and frames too.
    pub fn offline(&mut self, offline: bool) {
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.connection.call_all("Network.emulateNetworkConditions", &conditions);
    }

    /// Looks into a frame of another origin: what is evaluated and waited for there.
    pub fn within_frame<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        assert!(self.connection.listen_until(Duration::from_secs(30), |log| !log.frames.is_empty()), "there is no frame of another origin");
        self.connection.frame = self.connection.log.frames.last().map(|(session, _)| session.clone());
        let seen = look(self);
        self.connection.frame = None;
        seen
    }

    /// Saves a picture of the whole page, however long, as `target/screens/<name>.png`.
    pub fn screenshot(&mut self, name: &str) -> PathBuf {
        let size = self.connection.call("Page.getLayoutMetrics", json!({}));
        let size = &size["cssContentSize"];
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let picture = self.connection.call("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        let picture = base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().expect("a picture"));
        let file = screens().join(format!("{name}.png"));
        fs::create_dir_all(screens()).expect("a directory for pictures");
        fs::write(&file, picture.expect("base64")).expect("a file for the picture");
        file
    }

    /// Prints the page as `target/screens/<name>.pdf`, and says on how many sheets of paper.
    pub fn pdf(&mut self, name: &str) -> usize {
        let printed = self.connection.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
        let pdf = base64::engine::general_purpose::STANDARD.decode(printed["data"].as_str().expect("a document")).expect("base64");
        fs::create_dir_all(screens()).expect("a directory for documents");
        fs::write(screens().join(format!("{name}.pdf")), &pdf).expect("a file for the document");
        let text = String::from_utf8_lossy(&pdf);
        text.matches("/Type /Page").count() - text.matches("/Type /Pages").count()
    }

    /// Console lines and uncaught exceptions, of workers too.
    pub fn messages(&mut self) -> Vec<Message> {
        self.connection.drain();
        self.connection.log.messages.clone()
    }

    /// Those of them that a visitor should never cause.
    pub fn faults(&mut self) -> Vec<Message> {
        self.messages().into_iter().filter(|message| !matches!(message.level.as_str(), "log" | "info" | "debug" | "verbose")).collect()
    }

    /// Addresses that page and workers asked for.
    pub fn requests(&mut self) -> Vec<String> {
        self.connection.drain();
        self.connection.log.requests.clone()
    }

    /// Measures how smoothly the page runs over some time.
    pub fn frames(&mut self, seconds: f64) -> Frames {
        let measured = self.eval(&format!(
            "new Promise(done => {{
                const tasks = [], times = [], end = performance.now() + {seconds} * 1000;
                const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)));
                observer.observe({{ type: 'longtask' }});
                const tick = time => {{
                    times.push(time);
                    if (performance.now() < end) return requestAnimationFrame(tick);
                    observer.disconnect();
                    const gaps = times.slice(1).map((time, i) => time - times[i]);
                    done([gaps.length / (times.at(-1) - times[0]) * 1000, Math.max(...gaps), tasks]);
                }};
                requestAnimationFrame(tick);
            }})"
        ));
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let long_tasks = measured[2].as_array().into_iter().flatten().map(number).collect();
        Frames { per_second: number(&measured[0]), longest_gap: number(&measured[1]), long_tasks }
    }

    /// What the accessibility checker axe-core objects to, a line for each rule.
    pub fn accessibility_faults(&mut self) -> Vec<String> {
        let path = std::env::var_os("RETAILQ_AXE").expect("RETAILQ_AXE must name axe.min.js: `cargo xtask test` fetches it and sets it");
        let script = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.eval(&format!("window.axe === undefined && (() => {{ {script} }})(), null"));
        // A colour half-way between two themes is nobody's fault. What moves with scrolling never ends.
        self.eval("Promise.all(document.getAnimations().filter(it => it.timeline === document.timeline).map(it => it.finished.catch(() => null))).then(() => null)");
        let faults = self.eval(
            "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(rule =>
                `${rule.id} (${rule.impact}): ${rule.help}: ${rule.nodes.map(node => node.target.join(' ') + ' ' + node.any.map(check => check.message).join('; ')).join(' | ')}`))",
        );
        faults.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Where pictures go.
pub fn screens() -> PathBuf {
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(own, PathBuf::from).join("screens")
}

/// JavaScript that finds an element.
fn element(selector: &str) -> String {
    format!("document.querySelector({})", json!(selector))
}
