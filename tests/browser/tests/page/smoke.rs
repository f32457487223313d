//! The page loads, from a sub-path, and its worker answers.

use retailq_browser_tests::Browser;

#[test]
fn the_page_loads_without_a_fault() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("document.querySelector('h1')", 10.0);
    assert_eq!(page.eval("document.title"), "RetailQ: Q-learning on retail problems");
    assert_eq!(page.faults(), []);
}

#[test]
fn a_worker_starts_and_speaks_first() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("self.startWorker", 30.0);
    let spoken = page.eval(
        "new Promise((done, failed) => {
            const worker = startWorker();
            worker.onmessage = event => done(event.data !== undefined);
            worker.onerror = event => failed(event.message);
        })",
    );
    assert_eq!(spoken, true);
    assert_eq!(page.faults(), []);
}

#[test]
fn everybody_can_use_it() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("document.querySelector('h1')", 10.0);
    assert_eq!(page.accessibility_faults(), Vec::<String>::new());
}
