//! The verdict, read as a visitor does: what it says must be what its own numbers say, and what the engine on the host finds.

use std::rc::Rc;

use retailq::evaluate::{Baselines, Yardstick};
use retailq::rollout::Player;
use retailq::share::from_link;
use retailq::trainer::{Limit, Trainer};
use retailq::verdict::{Report, Verdict};
use retailq_browser_tests::{Browser, Page};

use super::{fingerprint, fingerprint_at, tab, visit};

/// Opens the tab, where a run that stands is tested at once, and waits for the end of the test.
fn read_verdict(page: &mut Page) -> String {
    fingerprint(page);
    page.click("#tab-verdict");
    page.wait_for("document.querySelector('#finding')?.textContent && document.querySelector('#stop-judging').parentElement.hidden", 60.0);
    page.text("#finding")
}

/// The same test natively.
fn native(link: &str, episodes: u32) -> Report {
    let shared = from_link(link).expect("a link");
    let setup = Rc::new(shared.experiment.compile().expect("a problem"));
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut trainer = Trainer::new(Rc::clone(&setup), Rc::clone(&yardstick)).expect("a learner");
    trainer.advance(Limit { steps: u64::MAX, episode: shared.position.episode });
    let steps = trainer.steps() + u64::from(shared.position.step);
    trainer.advance(Limit { steps, episode: u32::MAX });
    let mut baselines = Baselines::new(Rc::clone(&setup));
    let mut verdict = Verdict::new(setup, yardstick, trainer.greedy());
    while !verdict.report(episodes).is_done() {
        verdict.advance(&mut baselines, episodes, u64::MAX / 2);
    }
    verdict.report(episodes)
}

/// Rows of the picture: name and value.
const ROWS: &str = "[...document.querySelectorAll('.dot-row:not(.dot-axis)')].map(row =>
    [row.querySelector('.dot-name').innerText.trim(), row.querySelector('.dot-value').innerText.trim()])";

/// The mean returns of the data table, by policy.
const MEANS: &str =
    "[...document.querySelectorAll('.judged tbody tr')].map(row => row.cells[1].textContent.replace('\u{2212}', '-').replace(',', ''))";

#[test]
fn the_verdict_is_that_of_the_engine_and_may_be_unkind() {
    let browser = Browser::start();
    // A learner that has learned, one that hardly has, and one that never looks ahead.
    for (link, said) in [
        (
            "#1&p=puterman&at=500",
            "Q-learning earned exactly what \u{201c}best (s, S), (0, 3)\u{201d} earned in each of 1,000 unseen episodes. It lost nothing to the exact optimum.",
        ),
        ("#1&p=zipkin_l2_p4&steps=200&at=20", "Q-learning is "),
        ("#1&p=puterman&gamma=0&at=500", "Q-learning is "),
    ] {
        tab(&browser, link, |page| {
            let finding = read_verdict(page);
            println!("{link}: {finding}");
            assert!(finding.starts_with(said), "{finding}");
            let report = native(link, 1000);
            let rows = page.eval(ROWS);
            assert_eq!(rows.as_array().map(Vec::len), Some(report.standings.len()), "{rows}");
            let means = page.eval(MEANS);
            for (shown, standing) in means.as_array().into_iter().flatten().zip(&report.standings) {
                let shown: f64 = shown.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{shown}"));
                assert!((shown - standing.earned.mean).abs() <= 1e-3 * (1.0 + standing.earned.mean.abs()), "{shown} is not {standing:?}");
            }
            let (rival, optimum) = (report.rival().expect("a rival"), report.of(Player::Optimum).expect("an optimum"));
            if rival.ahead.interval().0 > 0.0 {
                assert!(finding.contains(" worse than ") && finding.contains(" less than the exact optimum"), "{finding}");
                // The effect and its interval, both in percent and as amounts.
                assert!(
                    finding.contains("\u{a0}% (") && finding.contains("\u{a0}%, or ") && finding.contains(" per episode)"),
                    "{finding}"
                );
            }
            // Where it is wrong, the costliest first, and each leads to its cell of the table.
            let costs = page
                .eval("[...document.querySelectorAll('.wrong tbody tr')].map(row => Number(row.cells[5].textContent.replace(',', '')))");
            let costs: Vec<f64> = costs.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
            let mistakes = report.mistakes.as_ref().expect("counted");
            assert_eq!(costs.len(), mistakes.worst.len());
            assert!(costs.windows(2).all(|pair| pair[0] >= pair[1]), "{costs:?}");
            assert_eq!(optimum.ahead.mean > 0.0, mistakes.cost > 0.0);
            if let Some(worst) = mistakes.worst.first() {
                page.click(".wrong tbody button");
                page.wait_for(&format!("document.querySelector('#q-{}-{}.chosen')", worst.state, worst.taken), 5.0);
            }
        });
    }
}

#[test]
fn a_long_test_shows_progress_can_be_stopped_and_leaves_the_run_alone() {
    visit("#1&p=zipkin_l2_p4&at=30", |page| {
        let print = fingerprint(page);
        read_verdict(page);
        // Differences are told as such; the focus stays on the button.
        page.click(".judgement .choice button:nth-child(2)");
        page.wait_for("document.querySelector('.dot-row.learner .dot-value').innerText === '0'", 2.0);
        assert_eq!(page.eval("document.activeElement.getAttribute('aria-pressed')"), "true");
        page.click("#judge-longer");
        page.wait_for("document.querySelector('.judgement progress').checkVisibility()", 5.0);
        page.click("#stop-judging");
        page.wait_for("!document.querySelector('.judgement progress').checkVisibility()", 5.0);
        page.wait_for("/^[1-9],\\d{3} episodes/.test(document.querySelector('.judgement p').textContent)", 5.0);
        assert_eq!(fingerprint(page), print);
        // The run goes on while a test is under way, and then the verdict says of when it is.
        page.click("#judge-longer");
        page.click("#step");
        page.wait_for("/ step 1$/.test(document.querySelector('#position').textContent)", 5.0);
        page.wait_for("document.querySelector('.judgement').innerText.includes('The run has moved since')", 5.0);
        page.click("#stop-judging");
        page.click("#back");
        assert_eq!(fingerprint_at(page, 30, 0), print);
    });
}

/// Nothing is wider than the window, and nothing is called by the name of its text.
fn assert_fits(page: &mut Page, what: &str) {
    page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    let wide =
        page.eval("[document.documentElement, ...document.querySelectorAll('dialog[open]')].map(it => it.scrollWidth - it.clientWidth)");
    assert!(wide.as_array().is_some_and(|wide| wide.iter().all(|over| over.as_f64() <= Some(0.0))), "{what}: too wide by {wide}");
    assert_eq!(page.eval("/\\b(view|goto|standing)\\.[a-z_]+/.test(document.body.innerText)"), false, "{what}: a text is missing");
}

#[test]
fn everybody_can_read_verdict_story_and_map_in_both_themes_on_a_phone_and_in_chinese() {
    let browser = Browser::start();
    for (theme, width) in [("light", 1280), ("dark", 320)] {
        tab(&browser, "#1&p=warlop&at=20", |page| {
            page.viewport(width, 720, 1.0);
            page.choose("#theme", theme);
            if width == 320 {
                page.click("#language");
            }
            fingerprint(page);
            page.click("#tab-verdict");
            page.wait_for(
                "document.querySelector('#finding')?.textContent && document.querySelector('#stop-judging').parentElement.hidden",
                60.0,
            );
            let finding = page.text("#finding");
            assert_eq!(finding.contains("Q 学习"), width == 320, "{finding}");
            page.click(".judgement details summary");
            let check = |page: &mut Page, what: &str| {
                assert_fits(page, &format!("{what}, {theme}, {width}"));
                assert_eq!(page.accessibility_faults(), Vec::<String>::new(), "{what}, {theme}, {width}");
            };
            check(page, "verdict");
            page.click("#reveal");
            page.wait_for("document.querySelector('.heat .updated.chosen') && document.activeElement.role === 'grid'", 5.0);
            page.key("Enter");
            page.wait_for(
                "document.querySelector('#story-dialog[open] .revisions') && document.querySelector('#story-dialog .working').hidden",
                30.0,
            );
            check(page, "story");
            page.key("Escape");
            page.wait_for("!document.querySelector('dialog:modal')", 5.0);
            page.click(".policy .choice button:nth-child(2)");
            page.wait_for("document.querySelector('.policy-map .cell')", 5.0);
            check(page, "map");
        });
    }
}
