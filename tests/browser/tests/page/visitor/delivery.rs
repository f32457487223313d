//! How the page reaches a visitor: light, from nobody else, in one file, without a network, and in places where nothing may be kept.

use std::fs;
use std::path::{Path, PathBuf};

use retailq_browser_tests::{Browser, Page, compressed, dist};

use super::{fingerprint, run_to_convergence};

/// The run that every way of delivery must repeat.
const LINK: &str = "#1&p=puterman&capacity=6&seed=7";

/// Opens an address, and waits until its run stands.
fn open(page: &mut Page, address: &str) -> String {
    page.open("about:blank");
    page.open(address);
    page.wait_for("document.querySelector('#play')", 30.0);
    fingerprint(page)
}

/// Opens an address, learns to the end, and gives the fingerprint.
fn learn(page: &mut Page, address: &str) -> String {
    open(page, address);
    run_to_convergence(page);
    let print = fingerprint(page);
    assert_eq!(page.faults(), [], "{address}");
    print
}

/// The page in one file, as it lies on a disk.
fn on_disk() -> String {
    let file = fs::canonicalize(dist().join("retailq.html")).expect("the page in one file");
    format!("file://{}", file.display())
}

#[test]
fn the_first_load_is_light_and_comes_from_one_host() {
    let browser = Browser::start();
    let mut page = browser.page();
    open(&mut page, "");
    wait_until_kept(&mut page);
    let asked = page.requests();
    let local = ["data:", "blob:"];
    let elsewhere: Vec<_> =
        asked.iter().filter(|url| !url.starts_with(browser.site()) && !local.iter().any(|start| url.starts_with(start))).collect();
    let files = browser.served();
    let mut weight = 0;
    for name in &files {
        let plain = fs::read(dist().join(name)).unwrap_or_else(|error| panic!("the page asks for {name}: {error}"));
        weight += compressed(&plain);
    }
    println!("first load: {} requests, {} to others, {weight} bytes in brotli: {}", files.len(), elsewhere.len(), files.join(", "));
    assert_eq!(elsewhere, Vec::<&String>::new());
    assert!(files.len() <= 10, "{files:#?}");
    assert_eq!(files.iter().filter(|name| name.ends_with(".wasm")).count(), 1, "{files:#?}");
}

#[test]
fn the_page_in_one_file_runs_the_same_from_a_disk() {
    let browser = Browser::start();
    let mut page = browser.page();
    let served = learn(&mut page, LINK);
    // It is offered where it is not open already.
    const OFFERED: &str = "document.querySelector('#share').click(), document.querySelector('#one-file')?.href ?? null";
    assert_eq!(page.eval(OFFERED), format!("{}retailq.html", browser.site()));
    let before = browser.served().len();
    let mut page = browser.page();
    assert_eq!(learn(&mut page, &(on_disk() + LINK)), served);
    assert_eq!(browser.served().len(), before);
    let asked: Vec<_> =
        page.requests().into_iter().filter(|url| !["file:", "data:", "blob:"].iter().any(|own| url.starts_with(own))).collect();
    assert_eq!(asked, Vec::<String>::new());
    assert_eq!(page.eval("document.querySelector('#field-capacity').value"), "6");
    assert_eq!(page.eval(OFFERED), serde_json::Value::Null);
}

#[test]
fn where_nothing_can_be_kept_the_page_works_all_the_same() {
    let browser = Browser::without_storage();
    let mut prints = Vec::new();
    for address in [LINK.to_owned(), on_disk() + LINK] {
        let mut page = browser.page();
        prints.push(learn(&mut page, &address));
        let blocked = page.eval("(() => { try { return String(localStorage.length); } catch (error) { return error.name; } })()");
        assert_eq!(blocked, "SecurityError", "{address}");
        page.click("#language");
        page.wait_for("document.documentElement.lang === 'zh-Hans'", 5.0);
        assert_eq!(page.faults(), [], "{address}");
    }
    assert_eq!(prints[0], prints[1]);
}

#[test]
fn a_sandboxed_frame_that_may_only_run_scripts_is_enough() {
    let directory = copy(&dist(), "sandbox");
    let browser = Browser::at(directory.clone());
    let served = learn(&mut browser.page(), LINK);
    for file in ["", "index.html", "retailq.html"] {
        let frame =
            format!("<iframe sandbox=\"allow-scripts\" width=\"1200\" height=\"700\" src=\"{}{file}{LINK}\"></iframe>", browser.site());
        fs::write(directory.join("lesson.html"), format!("<!doctype html><link rel=\"icon\" href=\"data:,\">{frame}"))
            .expect("a page with a frame");
        let mut page = browser.page();
        // To the browser this is another site.
        page.open(&format!("{}lesson.html?{file}", browser.site().replace("127.0.0.1", "localhost")));
        let print = page.within_frame(|page| {
            page.wait_for("document.querySelector('#play')", 30.0);
            assert_eq!(page.eval("origin"), "null");
            fingerprint(page);
            page.eval("document.querySelector('#converge').click()");
            page.wait_for("!/^Episode 0 /.test(document.querySelector('#position').textContent)", 30.0);
            fingerprint(page)
        });
        assert_eq!(print, served, "{file}");
        assert_eq!(page.faults(), [], "{file}");
    }
    fs::remove_dir_all(directory).expect("the copy removed");
}

/// Waits until the browser has everything it needs without a network.
fn wait_until_kept(page: &mut Page) {
    page.wait_for("navigator.serviceWorker.getRegistration().then(it => it?.active?.state === 'activated')", 30.0);
}

#[test]
fn after_one_visit_the_page_needs_no_network() {
    let browser = Browser::start();
    let mut page = browser.page();
    let online = learn(&mut page, LINK);
    wait_until_kept(&mut page);
    browser.unplug();
    page.offline(true);
    for address in ["index.html#1&p=menu", ""] {
        open(&mut page, address);
    }
    assert_eq!(learn(&mut page, LINK), online);
}

#[test]
fn a_new_edition_is_seen_at_once_and_replaces_what_was_kept() {
    let directory = copy(&dist(), "edition");
    let browser = Browser::at(directory.clone());
    let mut page = browser.page();
    open(&mut page, LINK);
    wait_until_kept(&mut page);
    let caches = "caches.keys().then(names => names.join())";
    let before = page.eval(caches);
    publish_again(&directory);
    open(&mut page, LINK);
    assert_eq!(page.eval("document.querySelector('meta[name=edition]')?.content"), "new");
    page.wait_for(&format!("{caches}.then(now => now !== {before} && !now.includes(','))"), 30.0);
    browser.unplug();
    open(&mut page, LINK);
    assert_eq!(page.eval("document.querySelector('meta[name=edition]')?.content"), "new");
    assert_eq!(page.faults(), []);
    fs::remove_dir_all(directory).expect("the copy removed");
}

/// A copy of the page to change.
fn copy(from: &Path, name: &str) -> PathBuf {
    let to = std::env::temp_dir().join(format!("retailq-{name}-{}", std::process::id()));
    fs::create_dir_all(&to).expect("a directory for the copy");
    for file in fs::read_dir(from).expect("dist").flatten().filter(|file| file.path().is_file()) {
        fs::copy(file.path(), to.join(file.file_name())).expect("a copied file");
    }
    to
}

/// What a new build changes: the page, and with it the script that keeps it.
fn publish_again(directory: &Path) {
    let change = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(directory.join(name)).expect("a file of the page");
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(directory.join(name), text.replacen(from, to, 1)).expect("a changed file");
    };
    change("index.html", "</head>", "<meta name=edition content=new></head>");
    change("offline.js", "VERSION = '", "VERSION = 'new ");
}
