//! The worker that visitors get, in wasm32, runs as the host does: same fingerprints, same optimum, to the last bit.

use retailq_browser_tests::{Browser, Firefox};

const GOLDEN: &str = include_str!("../../../golden.txt");

/// Loads a link in a worker, goes to its position, and gives the line of `golden.txt`.
const MEASURE: &str = "(async (link, episode, step) => {
    const worker = startWorker();
    const answer = () => new Promise((done, failed) => {
        worker.onmessage = message => done(message.data[0]);
        worker.onerror = error => failed(new Error(error.message));
    });
    const ask = command => { worker.postMessage(command); return answer(); };
    await answer();
    const { Loaded: facts } = await ask({ Load: { link } });
    const seen = { width: 0, buckets: 0, checkups: 0 };
    for (;;) {
        const { Advanced: progress } = await ask({ Advance: { goal: { Position: { episode, step } }, budget: 100000, seen } });
        if (!progress.reached) continue;
        worker.terminate();
        const bits = new BigUint64Array(new Float64Array([facts.optimum]).buffer)[0].toString(16).padStart(16, '0');
        return `${progress.fingerprint} ${bits} ${link}`;
    }
})";

#[test]
fn the_worker_repeats_the_recorded_runs() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("self.startWorker", 30.0);
    assert_eq!(measured(|expression| page.eval(expression).as_str().unwrap_or_default().to_owned()), recorded());
}

/// `cargo xtask test` runs it where there is a Firefox.
#[test]
#[ignore = "needs Firefox"]
fn firefox_repeats_the_recorded_runs() {
    let mut firefox = Firefox::start();
    firefox.open("");
    firefox.wait_for("self.startWorker");
    assert_eq!(measured(|expression| firefox.eval(expression)), recorded());
    // And as a visitor sees it, whose second tab is another browser.
    let [fingerprint, _, link] = recorded()[0].split(' ').collect::<Vec<_>>()[..] else { panic!("three words a line") };
    firefox.open(&format!("#{link}"));
    firefox.wait_for(&format!("document.querySelector('#fingerprint')?.textContent === '{fingerprint}'"));
}

fn recorded() -> Vec<&'static str> {
    GOLDEN.lines().collect()
}

/// The same lines as a browser comes to them.
fn measured(mut eval: impl FnMut(&str) -> String) -> Vec<String> {
    let measure = |line: &str| {
        let link = line.split(' ').nth(2).expect("a link");
        let (_, position) = link.split_once("&at=").expect("a position");
        let (episode, step) = position.split_once('.').expect("episode and step");
        eval(&format!("{MEASURE}('{link}', {episode}, {step})"))
    };
    GOLDEN.lines().map(measure).collect()
}
