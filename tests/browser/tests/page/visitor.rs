//! What a visitor does with the page, by pointer and by keys; every visit ends with a silent console and no foreign request.

mod appearance;
mod delivery;
mod history;
mod map;
mod network;
mod problem;
mod run;
mod scenarios;
mod time;
mod value;
mod verdict;
mod studies;
mod table;
mod takeaway;

use retailq_browser_tests::{Browser, Page};
use serde_json::json;

/// Opens a link, does what the test does, and looks at what the page said and asked for meanwhile.
fn visit(link: &str, test: impl FnOnce(&mut Page)) {
    let browser = Browser::start();
    tab(&browser, link, test);
}

/// The same in a tab of a browser that runs already.
fn tab(browser: &Browser, link: &str, test: impl FnOnce(&mut Page)) {
    let mut page = browser.page();
    page.open(link);
    page.wait_for("document.querySelector('#play')", 30.0);
    test(&mut page);
    assert_eq!(page.faults(), [], "{link}");
    assert_eq!(page.eval("/move \\||untracked\\(/.test(document.body.textContent)"), false, "{link}: the page shows its own source");
    let own = |url: &String| [browser.site(), "data:", "blob:"].iter().any(|start| url.starts_with(start));
    let elsewhere: Vec<_> = page.requests().into_iter().filter(|url| !own(url)).collect();
    assert!(elsewhere.is_empty(), "{link}: {elsewhere:?}");
}

/// Waits until the run stands still, and gives its fingerprint.
fn fingerprint(page: &mut Page) -> String {
    page.wait_for("!document.querySelector('#play').disabled && document.querySelector('.jump').hidden", 30.0);
    page.wait_for("/^[0-9a-f]{16}$/.test(document.querySelector('#fingerprint').textContent)", 30.0);
    page.text("#fingerprint")
}

/// Waits until the run stands still at a position, and gives its fingerprint.
fn fingerprint_at(page: &mut Page, episode: u32, step: u32) -> String {
    page.wait_for(&format!("/^Episode {episode} of .* step {step}$/.test(document.querySelector('#position').textContent)"), 10.0);
    fingerprint(page)
}

/// Whether the big button now pauses.
fn is_playing(page: &mut Page) -> bool {
    page.text("#play") == "Pause"
}

/// Learns until nothing more is to be learned or the plan is over.
fn run_to_convergence(page: &mut Page) {
    fingerprint(page);
    page.click("#converge");
    page.wait_for("!/^Episode 0 /.test(document.querySelector('#position').textContent)", 30.0);
    fingerprint(page);
    page.wait_for("document.querySelector('.yardstick tr.learner')", 5.0);
}

/// The address from its `#` on.
fn hash(page: &mut Page) -> String {
    page.eval("location.hash").as_str().unwrap_or_default().to_owned()
}

/// Drops a file onto the page.
fn drop_file(page: &mut Page, name: &str, text: &str) {
    page.eval(&format!(
        "(() => {{
            const data = new DataTransfer();
            data.items.add(new File([{}], {}));
            for (const kind of ['dragover', 'drop'])
                document.body.dispatchEvent(new DragEvent(kind, {{ dataTransfer: data, bubbles: true, cancelable: true }}));
        }})()",
        json!(text),
        json!(name)
    ));
}
