//! The page loads, from a sub-path, and asks nobody else for anything.

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
fn at_most_ten_requests_and_all_of_them_to_the_own_host() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("document.querySelector('h1')", 10.0);
    let requests = page.requests();
    let elsewhere: Vec<_> = requests.iter().filter(|url| !url.starts_with(browser.site()) && !url.starts_with("data:")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(requests.len() <= 10, "{requests:#?}");
}

#[test]
fn the_worker_named_by_the_page_starts_and_speaks_first() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    let spoken = page.eval(
        "new Promise((done, failed) => {
            const worker = new Worker(document.querySelector('meta[name=worker]').content);
            worker.onmessage = event => done(event.data !== undefined);
            worker.onerror = event => failed(event.message);
        })",
    );
    assert_eq!(spoken, true);
    assert_eq!(page.faults(), []);
    let stale: Vec<_> = page.requests().into_iter().filter(|url| url.contains("worker") && !url.contains("?v=")).collect();
    assert!(stale.is_empty(), "a browser may keep an old {stale:?}");
}

#[test]
fn everybody_can_use_it() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("document.querySelector('h1')", 10.0);
    assert_eq!(page.accessibility_faults(), Vec::<String>::new());
}
