//! A deep network, as a visitor meets it: drawn, learning, and without what keeps it steady.

use retailq_browser_tests::{Browser, Page};

use super::{fingerprint, hash, tab, visit};

/// A small network that learns the shop in some seconds.
const SMALL: &str = "hidden=16,16&batch=16&encoding=one_hot&episodes=60&steps=100&warmup=300&alpha=lin:.005:.0005:60&epsilon=lin:1:.1:40";

/// Runs some episodes, and waits for their end at an episode of the run.
fn run(page: &mut Page, episodes: u32, end: u32) {
    page.fill("#run-count", &episodes.to_string());
    page.click("#run");
    page.wait_for(&format!("document.querySelector('#position').textContent.startsWith('Episode {end} ')"), 60.0);
    fingerprint(page);
}

/// The value of a line of a chart now, as its summary says.
fn now(page: &mut Page, title: &str, line: &str) -> f64 {
    let summary =
        format!("[...document.querySelectorAll('.network canvas')].map(it => it.ariaLabel).find(it => it?.startsWith({title:?}))");
    // The words of a chart follow it at leisure.
    page.eval("new Promise(done => setTimeout(done, 1800))");
    let pattern = line.replace('*', "\\*");
    page.wait_for(&format!("/{pattern} [\u{2212}\\d]/.test({summary})"), 10.0);
    let text = page.eval(&summary).as_str().unwrap_or_default().to_owned();
    let value = text.rsplit(&format!("{line} ")).next().and_then(|rest| rest.split(';').next()).unwrap_or_default();
    value.replace('\u{2212}', "-").replace(',', "").parse().unwrap_or_else(|_| panic!("{text}"))
}

#[test]
fn a_visitor_chooses_a_network_sees_it_learn_and_takes_its_memory_away() {
    visit("", |page| {
        fingerprint(page);
        assert!(!page.is_visible("#tab-network"));
        page.choose("#field-algorithm", "dqn");
        page.wait_for("location.hash === '#1&p=puterman&algorithm=dqn'", 5.0);
        page.click("#tab-network");
        page.wait_for("document.querySelectorAll('.network-values li').length === 4", 5.0);
        assert!(page.text(".network-stands").starts_with("Warm-up: the network only watches"));
        page.click("#step");
        page.wait_for("document.querySelector('.update')?.textContent.includes('the network only watches')", 5.0);
        // The first episode after the warm-up.
        run(page, 6, 6);
        let early = now(page, "Mean loss", "loss");
        run(page, 54, 60);
        let late = now(page, "Mean loss", "loss");
        assert!(late < 0.8 * early, "{early} {late}");
        let (estimate, truth) = (now(page, "Bootstrap", "estimate"), now(page, "Bootstrap", "true V*"));
        println!("loss {early} at 6 episodes, {late} at 60; estimated {estimate}, true {truth}");
        page.wait_for("document.querySelectorAll('.mini-batch tbody tr').length === 32", 5.0);
        assert!(page.text(".mini-batch tbody th").ends_with("on the shelf"));
        let best = page.eval(
            "(() => { const value = row => Number(row.querySelector('b').textContent.replace('\u{2212}', '-').replace(',', ''));
                const rows = [...document.querySelectorAll('.network-values li')];
                return value(document.querySelector('.network-values .best')) === Math.max(...rows.map(value)); })()",
        );
        assert_eq!(best, true);
        assert!(page.text(".update").contains("on 32 transitions drawn from the memory"), "{}", page.text(".update"));
        page.click("#without-replay");
        page.wait_for("location.hash === '#1&p=puterman&algorithm=dqn&replay=0'", 5.0);
        page.wait_for("document.querySelector('#without-replay').ariaPressed === 'true'", 5.0);
        run(page, 6, 6);
        page.wait_for("document.querySelectorAll('.mini-batch tbody tr').length === 1", 5.0);
        assert!(page.text(".network-gauges").contains("No replay memory"));
        page.click("#without-replay");
        page.wait_for("location.hash === '#1&p=puterman&algorithm=dqn'", 5.0);
        page.choose("#field-algorithm", "sarsa");
        page.wait_for("!document.querySelector('#tab-network')?.checkVisibility()", 5.0);
        page.wait_for("document.querySelector('.policy')", 5.0);
    });
}

#[test]
fn a_run_that_diverges_is_said_and_kept() {
    let wild =
        "#1&p=puterman&algorithm=dqn&hidden=16,16&normalise=no&optimiser=sgd&clip=0&alpha=1&warmup=100&episodes=50&w.revenue=1000000";
    visit(wild, |page| {
        fingerprint(page);
        assert!(!page.is_visible("#diverged"));
        page.click("#converge");
        page.wait_for("document.querySelector('#diverged')", 20.0);
        assert!(page.text("#diverged").contains("the run up to there is kept"));
        page.click("#reset");
        page.wait_for("!document.querySelector('#diverged')", 10.0);
    });
}

/// Gives a file to the input that opens networks, as if the visitor had chosen it.
fn open_network(page: &mut Page, text: &str) {
    page.eval(&format!(
        "(() => {{ const files = new DataTransfer(); files.items.add(new File([{}], 'network.json'));
            const input = document.querySelector('#open-network'); input.files = files.files;
            input.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()",
        serde_json::json!(text)
    ));
}

#[test]
fn a_network_is_saved_and_opened_as_where_a_run_begins() {
    visit(&format!("#1&p=puterman&algorithm=dqn&{SMALL}"), |page| {
        fingerprint(page);
        page.click("#tab-network");
        run(page, 20, 20);
        // What would be downloaded is caught.
        page.eval("globalThis.saved = null, URL.createObjectURL = blob => (blob.text().then(text => saved = text), 'blob:x')");
        page.eval("HTMLAnchorElement.prototype.click = () => {}");
        // The drawing follows the run at leisure.
        page.eval("new Promise(done => setTimeout(done, 800))");
        let learned = page.text(".network-values");
        page.click("#save-network");
        page.wait_for("saved", 5.0);
        let file = page.eval("saved").as_str().unwrap_or_default().to_owned();
        page.click("#reset");
        fingerprint(page);
        page.wait_for(&format!("document.querySelector('.network-values')?.innerText !== {}", serde_json::json!(learned)), 5.0);
        open_network(page, &file);
        page.wait_for("document.querySelector('#begun')?.checkVisibility()", 10.0);
        page.wait_for("document.querySelector('#position').textContent.startsWith('Episode 0 ')", 10.0);
        page.wait_for(&format!("document.querySelector('.network-values')?.innerText === {}", serde_json::json!(learned)), 10.0);
        let begun = fingerprint(page);
        // A cut file, and a network of another shape, change nothing.
        let changed = |change: fn(&mut serde_json::Value)| {
            let mut file = serde_json::from_str(&file).expect("a file of JSON");
            change(&mut file);
            file.to_string()
        };
        open_network(page, &changed(|file| file["network"]["values"] = "AAAA".into()));
        page.wait_for("document.querySelector('#broken')?.textContent.includes('the file may be cut')", 5.0);
        page.click("#leave-broken");
        open_network(page, &changed(|file| file["learner"]["hidden"] = serde_json::json!([8, 16])));
        page.wait_for("document.querySelector('#broken')?.textContent.includes('network.shape')", 10.0);
        page.click("#leave-broken");
        page.wait_for("document.querySelector('#begun').checkVisibility()", 5.0);
        assert_eq!(fingerprint(page), begun);
        page.reload();
        page.wait_for("document.querySelector('#play')", 30.0);
        assert_eq!(fingerprint(page), begun);
        page.click("#tab-network");
        page.click("#begun button");
        page.wait_for("!document.querySelector('#begun').checkVisibility()", 10.0);
        // The notice follows the form, the run a moment later.
        page.wait_for(&format!("![{}, '…'].includes(document.querySelector('#fingerprint').textContent)", serde_json::json!(begun)), 10.0);
        assert_ne!(fingerprint(page), begun);
    });
}

#[test]
fn everybody_can_study_a_network() {
    let browser = Browser::start();
    for theme in ["light", "dark"] {
        tab(&browser, &format!("#1&p=puterman&algorithm=dqn&{SMALL}"), |page| {
            fingerprint(page);
            page.choose("#theme", theme);
            run(page, 5, 5);
            page.click("#tab-network");
            page.wait_for(
                "document.querySelector('.mini-batch') && [...document.querySelectorAll('canvas')].every(it => it.ariaLabel)",
                10.0,
            );
            assert_eq!(page.accessibility_faults(), Vec::<String>::new(), "{theme}");
            page.viewport(320, 640, 2.0);
            page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            assert_eq!(page.eval("scrollTo(50, 0), scrollX"), 0);
            assert!(hash(page).contains("algorithm=dqn"));
        });
    }
}
