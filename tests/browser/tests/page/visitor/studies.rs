//! Questions that take several runs: other seeds on the charts, two sides compared, a grid of settings.

use retailq_browser_tests::{Browser, Page};
use serde_json::json;

use super::{fingerprint, hash, is_playing, run_to_convergence, tab, visit};

/// Opens a tab of the lower half.
fn open_tab(page: &mut Page, key: &str) {
    page.click(&format!("#tab-{key}"));
    page.wait_for(&format!("document.querySelector('#tab-panel .{key}')"), 5.0);
}

/// Waits until no study is under way.
fn finish(page: &mut Page, seconds: f64) {
    let time = page.wait_for("!document.querySelector('.study-progress')", seconds);
    println!("studied for {:.1} s", time.as_secs_f64());
}

/// Workers that the page has.
fn workers(page: &mut Page) -> u64 {
    page.eval("window.workers?.size ?? 0").as_u64().unwrap_or_default()
}

/// From now on the page's workers are counted, and can be broken.
const WATCH: &str = "window.workers = new Set(), window.Worker = class extends Worker {
    constructor(...all) { super(...all); workers.add(this); }
    terminate() { workers.delete(this); super.terminate(); }
}, null";

#[test]
fn other_seeds_come_onto_the_charts_and_leave_the_run_alone() {
    visit("", |page| {
        run_to_convergence(page);
        let print = fingerprint(page);
        page.eval(WATCH);
        assert_eq!(page.text("#seed-count option:checked"), "10 seeds");
        page.choose("#seed-count", "5");
        page.click("#add-seeds");
        finish(page, 60.0);
        page.wait_for("document.querySelector('.seeds-legend')?.innerText.startsWith('Median of 5 seeds (1 to 5)')", 5.0);
        for chart in
            ["Return per episode", "Greedy policy: random 0 %, optimum 100 %", "Distance to the optimum", "Mean temporal-difference error"]
        {
            let summary = format!(
                "[...document.querySelectorAll('canvas')].some(it => it.ariaLabel.startsWith('{chart}') && it.ariaLabel.includes('seed median'))"
            );
            page.wait_for(&summary, 5.0);
        }
        assert_eq!(fingerprint(page), print);
        assert_eq!(workers(page), 0, "idle workers are released");
        // The same numbers, for those who do not see the band.
        page.click(".chart-main .data-table summary");
        page.wait_for("document.querySelector('.chart-main table')", 5.0);
        let heads = page.eval("[...document.querySelectorAll('.chart-main thead th')].map(head => head.innerText)");
        assert_eq!(heads, json!(["episode", "seed median", "mean of the episodes", "learner, exploring", "seed range"]));
        let last = page.eval("[...document.querySelector('.chart-main tbody tr:last-child').cells].map(cell => cell.innerText)");
        println!("{last}");
        assert!(last[4].as_str().is_some_and(|range| range.contains(" … ")), "{last}");
        page.click("#remove-seeds");
        page.wait_for("!document.querySelector('.seeds-legend') && ![...document.querySelectorAll('canvas')].some(it => it.ariaLabel.includes('seed'))", 5.0);
    });
}

#[test]
fn a_study_can_be_cancelled_and_another_experiment_ends_it() {
    visit("#1&p=zipkin_l2_p4&episodes=1000000", |page| {
        fingerprint(page);
        page.eval(WATCH);
        page.click("#add-seeds");
        page.wait_for("workers.size > 0", 10.0);
        // The run plays on meanwhile.
        page.click("#play");
        page.wait_for("!/^Episode [01] /.test(document.querySelector('#position').textContent)", 20.0);
        assert!(is_playing(page));
        let frames = page.frames(2.0);
        println!("while studying and playing: {:.1} frames/s, longest gap {:.0} ms", frames.per_second, frames.longest_gap);
        page.click(".seeds-bar .cancel");
        page.wait_for("!document.querySelector('.study-progress')", 2.0);
        assert_eq!(workers(page), 0);
        page.click("#add-seeds");
        page.wait_for("workers.size > 0", 10.0);
        page.choose("#preset", "zipkin_l2_p9");
        page.wait_for("workers.size === 0 && !document.querySelector('.study-progress')", 20.0);
    });
}

#[test]
fn a_worker_that_stops_is_replaced_and_its_run_repeated() {
    visit("#1&p=puterman&episodes=20000", |page| {
        fingerprint(page);
        page.eval(WATCH);
        page.choose("#seed-count", "3");
        page.click("#add-seeds");
        page.wait_for("workers.size > 0", 10.0);
        page.eval("[...workers][0].dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true })), null");
        page.wait_for("document.querySelector('.seeds-bar')?.innerText.includes('Repeated because a worker stopped: 1.')", 10.0);
        finish(page, 120.0);
        page.wait_for("document.querySelector('.seeds-legend')?.innerText.startsWith('Median of 3 seeds (1 to 3)')", 5.0);
    });
}

#[test]
fn a_comparison_names_the_difference_and_who_learned_better() {
    visit("", |page| {
        fingerprint(page);
        open_tab(page, "compare");
        assert_eq!(page.eval("document.querySelector('#compare-key').value + document.querySelector('#compare-value').value"), "gamma0");
        page.choose("#compare-seeds", "5");
        page.click("#compare");
        finish(page, 60.0);
        page.wait_for("/5 seeds/.test(document.querySelector('.compare .verdict')?.innerText)", 5.0);
        let sentence = page.text(".compare .verdict");
        println!("{sentence}");
        assert!(
            sentence.starts_with("γ = 0.95 learned better than γ = 0, and with each of 5 seeds: it came 100\u{a0}% of the way from random choice to the optimum, against \u{2212}"),
            "{sentence}"
        );
        assert_eq!(page.text(".differences"), "Discount factor γ of the learner: 0.95 against 0");
        // Who only hears the page hears the same.
        page.wait_for(
            &format!("document.querySelector('.compare [role=status]').textContent === 'No runs are under way any more. ' + {sentence:?}"),
            5.0,
        );
        let rows =
            page.eval("[...document.querySelectorAll('.comparison tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))");
        println!("{rows}");
        assert_eq!(rows[2][2], "never");
        // No chance in the first, so no interval either.
        assert!(
            rows[1][3].as_str().is_some_and(|gap| gap.starts_with('\u{2212}') && gap.ends_with(" points") && !gap.contains(" to ")),
            "{rows}"
        );
        assert!(rows[3][3].as_str().is_some_and(|gap| gap.starts_with('+') && gap.contains(" to ")), "{rows}");
        page.wait_for("document.querySelector('.decisions tbody tr')", 5.0);
        println!("{}", page.text(".decisions"));
        assert!(page.text(".decisions").contains("(optimal)"));
        page.wait_for(
            "[...document.querySelectorAll('.compare canvas')].every(it => /γ = 0.95, median .*γ = 0, median|γ = 0, median .*γ = 0.95, median/.test(it.ariaLabel))",
            5.0,
        );
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        // Another learner, and what does not make sense.
        page.choose("#compare-key", "algorithm");
        page.wait_for("document.querySelector('select#compare-value')", 2.0);
        page.choose("#compare-key", "link");
        page.fill("#compare-link", "#1&p=nowhere");
        page.click("#compare");
        page.wait_for("document.querySelector('.compare .study-form .fault').innerText.includes('no such preset')", 5.0);
        assert_eq!(page.text(".compare .verdict"), sentence, "what was found stays");
        // And is said to be of before.
        assert!(page.text(".compare .study-form .fault").contains("the result below is the one before"));
        page.fill("#compare-link", "");
        page.click("#compare");
        page.wait_for("document.querySelector('.compare .study-form .fault').innerText.startsWith('paste the link')", 5.0);
        page.fill("#compare-link", "#1&p=puterman&seed=9");
        page.click("#compare");
        page.wait_for("document.querySelector('.compare .study-form .fault').innerText.includes('nothing to compare')", 5.0);
        // Another problem is looked at, and not set against this one.
        page.fill("#compare-link", "#1&p=puterman&capacity=5&episodes=50");
        page.choose("#compare-seeds", "3");
        page.click("#compare");
        finish(page, 60.0);
        page.wait_for("/two different problems/.test(document.querySelector('.compare .verdict')?.innerText)", 5.0);
        let gaps = page.eval("[...document.querySelectorAll('.comparison tbody tr')].map(row => row.cells[3].innerText)");
        assert_eq!(gaps, json!(["–", "–", "–", "–", "–"]));
        assert_eq!(page.eval("document.querySelectorAll('.compare canvas').length"), 1);
        assert_eq!(page.text(".compare .study-form .fault"), "");
    });
}

#[test]
fn a_sweep_fills_and_its_cells_open_their_experiments() {
    visit("#1&p=puterman&episodes=100", |page| {
        fingerprint(page);
        open_tab(page, "sweep");
        page.wait_for("document.querySelector('#sweep-down-values').value && document.querySelector('#sweep-across-values').value", 5.0);
        // What may be a slip is not run.
        for (typed, said) in
            [("0,1", "Learning rate α: 0,1: is that one number? Then write 0.1"), (".1, .1", "twice"), (".1,,.5", "comma without")]
        {
            page.fill("#sweep-down-values", typed);
            page.click("#sweep");
            let found = page.text(".sweep .study-form .fault");
            assert!(found.contains(said), "{typed}: {found}");
        }
        page.fill("#sweep-down-values", ".1, .5");
        page.fill("#sweep-across-values", "0, .9, .95");
        page.click("#sweep");
        finish(page, 60.0);
        page.wait_for("document.querySelectorAll('.sweep-grid tbody a').length === 6", 5.0);
        page.wait_for("document.querySelector('.sweep .verdict').innerText", 5.0);
        let sentence = page.text(".sweep .verdict");
        println!("{sentence}");
        assert!(sentence.contains("γ matters more"), "{sentence}");
        let cells =
            page.eval("[...document.querySelectorAll('.sweep-grid tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))");
        println!("{cells}");
        assert_eq!((&cells[0][0], &cells[1][0]), (&json!("0.1"), &json!("0.5")));
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        page.click("#sweep-copy");
        let copied = page.eval("navigator.clipboard.readText()");
        let copied = copied.as_str().unwrap_or_default();
        assert!(copied.starts_with("alpha,gamma,seeds,share_of_optimum,lowest,highest,value,link\r\n.1,0,3,"), "{copied}");
        assert_eq!(copied.lines().count(), 7);
        page.click(".sweep-grid tbody tr:nth-child(2) td:nth-of-type(1) a");
        page.wait_for("document.querySelector('#field-gamma input')?.value === '0' || location.hash.includes('gamma=0')", 10.0);
        fingerprint(page);
        // Where its number was measured.
        page.wait_for("location.hash.endsWith('&at=100')", 10.0);
        assert_eq!(hash(page), "#1&p=puterman&alpha=.5&gamma=0&episodes=100&at=100");
        page.wait_for("document.querySelector('.sweep-grid .present')?.innerText.includes('%')", 5.0);
        // What is stopped names no best.
        page.fill("#sweep-down-values", ".01, .02, .05, .1, .2, .3, .5, .7, 1");
        page.choose("#sweep-seeds", "20");
        page.click("#sweep");
        // Of the new grid, not of the one before, which stays for a moment.
        page.wait_for(
            "document.querySelectorAll('.sweep-grid tbody tr').length === 9 && document.querySelectorAll('.sweep-grid tbody a').length > 2",
            20.0,
        );
        page.click(".sweep .study-progress .cancel");
        page.wait_for("document.querySelector('.sweep .verdict').innerText.startsWith('Stopped after ')", 5.0);
        page.open("#1&p=own_toymaker");
        page.wait_for("!document.querySelector('.sweep-grid')", 10.0);
        page.wait_for("document.querySelector('.sweep').innerText.includes('Another problem was opened')", 5.0);
    });
}

#[test]
fn studies_fit_a_phone_and_speak_chinese() {
    let browser = Browser::start();
    tab(&browser, "#1&p=puterman&episodes=30", |page| {
        page.viewport(320, 640, 2.0);
        fingerprint(page);
        page.click("#language");
        page.wait_for("document.documentElement.lang === 'zh-Hans'", 5.0);
        page.choose("#seed-count", "3");
        page.click("#add-seeds");
        finish(page, 60.0);
        for (key, button) in [("compare", "#compare"), ("sweep", "#sweep")] {
            open_tab(page, key);
            page.click(button);
            page.wait_for("document.querySelector('.study-progress')", 5.0);
            finish(page, 60.0);
            page.wait_for(&format!("document.querySelector('.{key} .verdict')?.innerText"), 5.0);
            println!("{}", page.text(&format!(".{key} .verdict")));
            assert!(page.eval("document.documentElement.scrollWidth - innerWidth").as_f64() <= Some(0.0), "{key}");
        }
    });
}
