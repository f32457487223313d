//! Speed of the built worker in Chromium on the tasks of `tests/bench/tasks.txt`: `cargo xtask bench`.

use retailq_browser_tests::Browser;
use serde_json::Value;

const TASKS: &str = include_str!("../../../bench/tasks.txt");

/// Median time of a million steps over seven rounds, in milliseconds; the first round warms up.
const MEASURE: &str = "(async link => {
    const worker = startWorker();
    const answer = () => new Promise((done, failed) => {
        worker.onmessage = message => done(message.data[0]);
        worker.onerror = error => failed(new Error(error.message));
    });
    const ask = command => { worker.postMessage(command); return answer(); };
    await answer();
    await ask({ Load: { link } });
    const times = [], seen = { width: 0, buckets: 0, checkups: 0 };
    for (let round = 0; round <= 7; round++) {
        const start = performance.now();
        await ask({ Advance: { goal: { Steps: (round + 1) * 1e6 }, budget: 1000000, seen } });
        times.push(performance.now() - start);
    }
    worker.terminate();
    return times.slice(1).sort((a, b) => a - b)[3];
})";

fn main() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("self.startWorker", 30.0);
    for (name, link) in TASKS.lines().filter_map(|line| line.split_once(' ')) {
        let milliseconds = page.eval(&format!("{MEASURE}({})", Value::from(link))).as_f64().unwrap_or(f64::NAN);
        println!("T1/{name} in the worker: {:.1} million steps/s", 1e3 / milliseconds);
    }
}
