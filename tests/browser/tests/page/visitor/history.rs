//! Back, forward and reload: every experiment is found again where it was left.

use super::{drop_file, fingerprint, fingerprint_at, hash, visit};
use retailq_browser_tests::Page;
use serde_json::json;

fn go(page: &mut Page, step: i32, expected: &str) {
    page.eval(&format!("history.go({step}), null"));
    page.wait_for(&format!("location.hash === {expected:?}"), 10.0);
    fingerprint(page);
    assert_eq!(hash(page), expected);
}

fn go_to_the_shop(page: &mut Page) {
    page.choose("#scenario", "puterman");
    page.wait_for("location.hash === '#1&p=puterman'", 10.0);
    fingerprint(page);
}

#[test]
fn back_and_forward_find_every_experiment_though_a_field_was_entered() {
    visit("#1&p=puterman", |page| {
        fingerprint(page);
        page.fill("#field-price", "7");
        page.wait_for("location.hash === '#1&p=puterman&price=7'", 5.0);
        page.fill("#field-fixed", "5");
        page.wait_for("location.hash === '#1&p=puterman&price=7&fixed=5'", 5.0);
        fingerprint(page);
        page.click("#field-holding");
        go(page, -1, "#1&p=puterman&price=7");
        go(page, -1, "#1&p=puterman");
        go(page, 1, "#1&p=puterman&price=7");
        go(page, 1, "#1&p=puterman&price=7&fixed=5");
        // What is changed after going back is a place of its own.
        go(page, -1, "#1&p=puterman&price=7");
        page.fill("#field-holding", "2");
        page.wait_for("location.hash === '#1&p=puterman&price=7&holding=2'", 5.0);
        fingerprint(page);
        go(page, -1, "#1&p=puterman&price=7");
    });
}

#[test]
fn an_address_that_was_gone_back_to_stays_while_its_problem_is_solved() {
    visit("#1&p=zipkin_l2_p4", |page| {
        fingerprint(page);
        go_to_the_shop(page);
        page.eval(
            "window.seen = new Set(), window.eye = setInterval(() => seen.add(location.hash), 5), history.back(),
             addEventListener('popstate', () => seen.clear(), { once: true }), null",
        );
        page.wait_for("location.hash.startsWith('#1&p=zipkin_l2_p4')", 5.0);
        fingerprint(page);
        assert_eq!(page.eval("[...seen].join(' ')"), hash(page));
    });
}

#[test]
fn what_no_link_can_hold_is_there_again_after_back_and_reload() {
    let row = |index: u32| {
        let (state, action) = (index / 4, index % 4);
        let next = if action == 0 { (state + 1) % 100 } else { index * 7919 % 100 };
        let reward = f64::from(index * 104_729 % 100_003) / 10_000.0;
        json!({ "state": format!("state {state}"), "action": format!("act {action}"), "probability": 1, "next": format!("state {next}"), "reward": reward })
    };
    let rows: Vec<_> = (0..400).map(row).collect();
    let file = json!({ "retailq": 1, "scenario": "custom", "parameters": { "rows": rows }, "learner": { "discount": 0.9 } });
    visit("#1&p=puterman", |page| {
        fingerprint(page);
        drop_file(page, "long.json", &file.to_string());
        page.wait_for("location.hash === '' && document.querySelector('.size').textContent.startsWith('100 states')", 10.0);
        fingerprint(page);
        for step in 1..=3 {
            page.key("ArrowRight");
            fingerprint_at(page, 0, step);
        }
        let print = fingerprint(page);
        go_to_the_shop(page);
        page.eval("history.back(), null");
        assert_eq!(fingerprint_at(page, 0, 3), print);
        page.reload();
        page.wait_for("document.querySelector('#position')", 30.0);
        assert_eq!(fingerprint_at(page, 0, 3), print);
        assert_eq!(hash(page), "");
    });
}

#[test]
fn a_value_that_stands_there_already_loses_no_run() {
    visit("#1&p=puterman&at=20.3", |page| {
        let print = fingerprint_at(page, 20, 3);
        page.fill("#field-price", "8");
        page.fill("#field-price", "8.0");
        assert_eq!(fingerprint_at(page, 20, 3), print);
        assert_eq!(hash(page), "#1&p=puterman&at=20.3");
    });
}

#[test]
fn the_form_shows_what_was_gone_back_to() {
    let chosen = |page: &mut Page, scenario: &str, algorithm: &str| {
        let values = "[document.querySelector('#scenario').value, document.querySelector('#field-algorithm').value].join(' ')";
        page.wait_for(&format!("{values} === {:?}", [scenario, algorithm].join(" ")), 5.0);
    };
    visit("#1&p=warlop", |page| {
        fingerprint(page);
        chosen(page, "boredom", "q_learning");
        go_to_the_shop(page);
        page.choose("#field-algorithm", "sarsa");
        page.wait_for("location.hash === '#1&p=puterman&algorithm=sarsa'", 10.0);
        fingerprint(page);
        chosen(page, "puterman", "sarsa");
        go(page, -1, "#1&p=puterman");
        chosen(page, "puterman", "q_learning");
        go(page, -1, "#1&p=warlop");
        chosen(page, "boredom", "q_learning");
        go(page, 2, "#1&p=puterman&algorithm=sarsa");
        chosen(page, "puterman", "sarsa");
    });
}

#[test]
fn who_changes_their_mind_while_a_problem_is_solved_comes_back_to_what_they_left() {
    visit("#1&p=zipkin_l2_p4", |page| {
        fingerprint(page);
        go_to_the_shop(page);
        page.click("#step");
        let print = fingerprint_at(page, 0, 1);
        page.eval("addEventListener('popstate', () => history.forward(), { once: true }), history.back(), null");
        page.eval("new Promise(done => setTimeout(done, 1500))");
        assert_eq!(fingerprint_at(page, 0, 1), print);
        assert_eq!(hash(page), "#1&p=puterman&at=0.1");
        go(page, -1, "#1&p=zipkin_l2_p4");
    });
}

#[test]
fn what_is_wanted_while_a_problem_is_solved_is_done_when_it_is() {
    visit("#1&p=puterman&at=20.3", |page| {
        fingerprint_at(page, 20, 3);
        page.choose("#scenario", "lost_sales");
        page.click("#episode");
        page.wait_for("location.hash.endsWith('&at=1')", 20.0);
        fingerprint_at(page, 1, 0);
    });
}

/// The step of episode 20 that the address names.
fn step(page: &mut Page, link: &str) -> u32 {
    page.wait_for(&format!("location.hash.startsWith('{link}&at=20.')"), 10.0);
    hash(page).rsplit_once('.').and_then(|(_, step)| step.parse().ok()).expect("a step")
}

#[test]
fn who_leaves_while_the_run_is_played_comes_back_to_that_place() {
    // One step a second, up to some step.
    let play = |page: &mut Page, step: u32| {
        page.click("#speed");
        page.key("Home");
        page.click("#play");
        page.wait_for(&format!("+document.querySelector('#position').textContent.split('step ')[1] >= {step}"), 20.0);
    };
    let link = "#1&p=zipkin_l2_p4";
    visit(&format!("{link}&at=20.3"), |page| {
        fingerprint(page);
        play(page, 6);
        page.reload();
        page.wait_for("document.querySelector('#position')", 10.0);
        let left = step(page, link);
        assert!(left > 3, "{left}");
        fingerprint_at(page, 20, left);
        // The same when another problem is chosen, to the step.
        play(page, left + 2);
        page.choose("#preset", "zipkin_l1_p4");
        page.wait_for("location.hash === '#1&p=zipkin_l1_p4'", 20.0);
        page.click("#play");
        page.eval("history.back(), null");
        let later = step(page, link);
        assert!(later >= left + 2, "{later}");
        fingerprint_at(page, 20, later);
    });
}

#[test]
fn back_while_an_example_is_solved_leads_to_what_was_left_for_it_and_plays_nothing() {
    visit("#1&p=warlop", |page| {
        fingerprint(page);
        go_to_the_shop(page);
        page.click("#gallery");
        page.click("[data-preset=chain_poisson]");
        page.wait_for("location.hash === '#1&p=chain_poisson'", 5.0);
        assert_eq!(page.eval("document.querySelector('#scenario').value"), "serial_chain");
        go(page, -1, "#1&p=puterman");
        fingerprint_at(page, 0, 0);
        assert_eq!(page.text("#play"), "Play");
        go(page, -1, "#1&p=warlop");
        fingerprint_at(page, 0, 0);
    });
}

#[test]
fn two_steps_back_at_once_lead_to_the_place_of_the_second() {
    visit("#1&p=puterman&at=20", |page| {
        let print = fingerprint_at(page, 20, 0);
        for link in ["#1&p=zipkin_l2_p4&at=50", "#1&p=pfeifer"] {
            page.eval(&format!("location.hash = {link:?}, null"));
            page.wait_for(
                &format!("document.querySelector('#preset').value === {:?}", link.split(['=', '&']).nth(2).unwrap_or_default()),
                10.0,
            );
            fingerprint(page);
        }
        page.eval(
            "new Promise(done => { const eye = setInterval(() => document.querySelector('.size').textContent.startsWith('Solving')
                && (clearInterval(eye), history.back(), done(null)), 1); history.back(); })",
        );
        page.wait_for("location.hash === '#1&p=puterman&at=20'", 10.0);
        assert_eq!(fingerprint_at(page, 20, 0), print);
        assert_eq!(hash(page), "#1&p=puterman&at=20");
    });
}

#[test]
fn what_is_opened_is_shown_whatever_was_written_and_has_the_focus() {
    let shows = |page: &mut Page, field: &str, value: &str| {
        page.wait_for(&format!("document.querySelector('{field}').value === '{value}'"), 5.0);
        page.wait_for("!document.querySelector('.problem .fault:not(:empty), .learner .fault:not(:empty), #refused')", 5.0);
    };
    visit("#1&p=puterman", |page| {
        fingerprint(page);
        page.fill("#field-seed", "77");
        page.wait_for("location.hash === '#1&p=puterman&seed=77'", 5.0);
        fingerprint(page);
        go(page, -1, "#1&p=puterman");
        shows(page, "#field-seed", "1");
        // What only the worker refuses, and what cannot be read.
        for wrong in ["1", "abc"] {
            page.fill("#field-discount", wrong);
            page.wait_for("document.querySelector('.learner .fault:not(:empty)')", 5.0);
            page.choose("#scenario", "clearance");
            page.wait_for("document.querySelector('#field-units')", 10.0);
            go_to_the_shop(page);
            shows(page, "#field-discount", ".95");
        }
        page.fill("#field-discount", "1");
        page.wait_for("document.querySelector('#refused')", 5.0);
        page.eval("history.back(), null");
        shows(page, "#field-discount", ".95");
    });
    visit("#1&p=gvr_clearance", |page| {
        fingerprint(page);
        for preset in ["clearance_short", "gvr_clearance"] {
            page.choose("#preset", preset);
            page.wait_for(&format!("location.hash === '#1&p={preset}'"), 10.0);
            fingerprint(page);
        }
        go(page, -1, "#1&p=clearance_short");
        shows(page, "#preset", "clearance_short");
    });
}
