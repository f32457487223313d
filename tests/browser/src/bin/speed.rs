//! Speed of the built worker in Chromium on the tasks of `tests/bench/tasks.txt`, beside the same loops in JavaScript (`rivals.js`), round
//! by round in the same browser: `cargo xtask bench`.

use retailq_browser_tests::Browser;
use serde_json::Value;

const TASKS: &str = include_str!("../../../bench/tasks.txt");
const RIVALS: &str = include_str!("rivals.js");

/// Median times of worker and rival over seven rounds, in milliseconds, after eight that warm up: as many calls of the rival's loop it takes
/// until a browser has compiled it as well as it can.
const MEASURE: &str = "async (link, steps, rival) => {
    const worker = startWorker();
    const answer = () => new Promise((done, failed) => {
        worker.onmessage = message => done(message.data[0]);
        worker.onerror = error => failed(new Error(error.message));
    });
    const ask = command => { worker.postMessage(command); return answer(); };
    await answer();
    await ask({ Load: { link } });
    const times = [], rivals = [], seen = { width: 0, buckets: 0, checkups: 0 };
    for (let round = 0; round < 15; round++) {
        const start = performance.now();
        await ask({ Advance: { goal: { Steps: (round + 1) * steps }, budget: steps, seen } });
        const middle = performance.now();
        rival();
        times.push(middle - start);
        rivals.push(performance.now() - middle);
    }
    worker.terminate();
    const median = times => times.slice(8).sort((a, b) => a - b)[3];
    return [median(times), median(rivals)];
}";

fn main() {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open("");
    page.wait_for("self.startWorker", 30.0);
    for line in TASKS.lines() {
        let [name, steps, link] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line} is not a task") };
        let rival = match name {
            "T1/random" => "table(random(), steps)",
            "T1/inventory" => "table(inventory(), steps)",
            _ => "network(steps)",
        };
        let link = Value::from(link);
        let times = page.eval(&format!("(() => {{ {RIVALS} const steps = {steps}; return ({MEASURE})({link}, steps, {rival}); }})()"));
        let steps: f64 = steps.parse().expect("a number of steps");
        let [own, rival] = [0, 1].map(|index| 1e3 * steps / times[index].as_f64().unwrap_or(f64::NAN));
        println!("{name} in the worker: {own:.0} steps/s, {:.1} times the JavaScript ({rival:.0} steps/s)", own / rival);
    }
}
