//! Moving through the run: to the optimum, forth and back, and to the same moment in another tab.

use std::thread::sleep;
use std::time::Duration;

use retailq::protocol::{Command, Event, Goal, Seen};
use retailq::session::Session;
use retailq::share::from_link;
use retailq_browser_tests::{Browser, Page};

use super::{fingerprint, fingerprint_at, hash, is_playing, run_to_convergence, tab, visit};

/// For each state of the table its words and the greedy action.
const POLICY: &str = "(() => {
    const actions = [...document.querySelectorAll('.heat thead th')].slice(1).map(head => head.innerText.trim());
    return [...document.querySelectorAll('.heat tbody tr')].map(row =>
        [row.cells[0].innerText.trim(), actions[[...row.cells].slice(1).findIndex(cell => cell.classList.contains('greedy'))]]);
})()";

/// Waits until Puterman's shop is solved, and looks at what was learned.
fn see_the_shop_solved(page: &mut Page) {
    let time = page.wait_for("document.querySelector('.converged')?.checkVisibility()", 10.0);
    println!("converged after {:.1} s", time.as_secs_f64());
    // From here on its policy does not slip any more.
    page.wait_for("/^Episode (1,[3-9]|2,0)/.test(document.querySelector('#position').textContent)", 10.0);
    page.key("Space");
    assert_eq!(fingerprint(page).len(), 16);
    page.wait_for("document.querySelector('.policy p').textContent === 'The greedy policy is optimal in every state.'", 5.0);
    page.wait_for("document.querySelector('.verdict').textContent.startsWith('The learner’s policy is as good as the optimum')", 5.0);
    let expected = [
        ["0 on the shelf", "order 3"],
        ["1 on the shelf", "order nothing"],
        ["2 on the shelf", "order nothing"],
        ["3 on the shelf", "order nothing"],
    ];
    // The table follows the run at leisure.
    page.wait_for(&format!("JSON.stringify({POLICY}) === JSON.stringify({})", serde_json::json!(expected)), 5.0);
}

#[test]
fn one_click_on_play_solves_the_shop() {
    visit("", |page| {
        fingerprint(page);
        page.click("#play");
        see_the_shop_solved(page);
    });
}

#[test]
fn one_press_of_c_runs_to_convergence() {
    visit("", |page| {
        fingerprint(page);
        page.key("c");
        page.wait_for("document.querySelector('.converged')?.checkVisibility()", 10.0);
        assert_eq!(fingerprint(page).len(), 16);
        page.wait_for("document.querySelector('.verdict').textContent.startsWith('The learner’s policy is as good as the optimum')", 5.0);
        page.key("?");
        page.wait_for("document.querySelector('#keys-dialog[open]')", 2.0);
        assert!(page.text("#keys-dialog").replace(['\n', '\t'], " ").contains("C Run to convergence"), "{}", page.text("#keys-dialog"));
    });
}

#[test]
fn one_press_of_space_solves_the_shop() {
    visit("", |page| {
        fingerprint(page);
        page.key("Space");
        see_the_shop_solved(page);
    });
}

/// Three steps on, two back, two on, an episode to its end, and back to the beginning.
fn walk(page: &mut Page, act: fn(&mut Page, &str)) -> Vec<String> {
    let mut seen = vec![fingerprint_at(page, 0, 0)];
    for step in 1..=3 {
        act(page, "step");
        seen.push(fingerprint_at(page, 0, step));
    }
    for step in (0..3).rev() {
        act(page, "back");
        assert_eq!(fingerprint_at(page, 0, step), seen[step as usize]);
    }
    for step in 1..=3 {
        act(page, "step");
        assert_eq!(fingerprint_at(page, 0, step), seen[step as usize]);
    }
    for episode in 1..=2 {
        act(page, "episode");
        seen.push(fingerprint_at(page, episode, 0));
    }
    act(page, "reset");
    assert_eq!(fingerprint_at(page, 0, 0), seen[0]);
    seen
}

#[test]
fn buttons_and_keys_walk_the_same_run() {
    visit("", |page| {
        let by_buttons = walk(page, |page, name| page.click(&format!("#{name}")));
        let by_keys = walk(page, |page, name| {
            page.key(match name {
                "step" => "ArrowRight",
                "back" => "ArrowLeft",
                "episode" => "Shift+ArrowRight",
                _ => "r",
            });
        });
        assert_eq!(by_buttons, by_keys);
        let mut different = by_keys.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), by_keys.len(), "{by_keys:?}");
    });
}

#[test]
fn space_plays_whatever_button_has_the_focus_and_never_while_typing() {
    visit("", |page| {
        fingerprint(page);
        // One step a second: it is seen whether Space pressed the button as well.
        page.click("#speed");
        page.key("Home");
        page.click("#step");
        fingerprint_at(page, 0, 1);
        page.key("Space");
        assert!(is_playing(page));
        page.key("Space");
        assert!(!is_playing(page));
        fingerprint(page);
        assert!(["step 1", "step 2", "step 3"].iter().any(|end| page.text("#position").ends_with(end)), "{}", page.text("#position"));
        page.click("#play");
        assert!(is_playing(page));
        page.key("Space");
        assert!(!is_playing(page));
        fingerprint(page);
        // A step that was asked for before the pause may still arrive.
        sleep(Duration::from_millis(300));
        let (position, focus) = (page.text("#position"), "document.activeElement.id");
        for field in ["#field-capacity", "#run-count"] {
            page.click(field);
            assert_eq!(page.eval(focus), field[1..]);
            for key in ["Space", "ArrowRight", "r"] {
                page.key(key);
            }
            assert!(!is_playing(page));
            fingerprint(page);
            assert_eq!(page.text("#position"), position);
        }
    });
}

/// The fingerprint that the engine on the host computes for a link.
fn native(link: &str) -> String {
    let position = from_link(link).expect("a link of the page").position;
    let mut session = Session::default();
    session.handle(&Command::Load { link: link.to_owned() });
    let advance = Command::Advance { goal: Goal::Position(position), budget: u32::MAX, seen: Seen::default() };
    let Event::Advanced(progress) = session.handle(&advance).event else { panic!("{link} does not run") };
    progress.fingerprint.expect("a run that stands")
}

#[test]
fn whoever_opens_the_link_sees_the_same_run() {
    let browser = Browser::start();
    for start in ["", "#1&p=puterman&capacity=6&demand=poisson:2&epsilon=exp:1:.01:50&seed=7", "#1&p=zipkin_l2_p4"] {
        let (mut link, mut print, mut position) = Default::default();
        tab(&browser, start, |page| {
            fingerprint(page);
            page.click("#play");
            page.wait_for("/^Episode ([5-9]|\\d\\d)/.test(document.querySelector('#position').textContent)", 10.0);
            page.click("#play");
            print = fingerprint(page);
            page.wait_for("location.hash.includes('at=')", 2.0);
            // Nothing moves any more.
            page.eval("new Promise(done => setTimeout(done, 100))");
            (link, position) = (hash(page), page.text("#position"));
        });
        tab(&browser, &link, |page| {
            page.wait_for(&format!("document.querySelector('#position')?.innerText === {}", serde_json::json!(position)), 30.0);
            assert_eq!(fingerprint(page), print, "{link}");
            assert_eq!(hash(page), link);
        });
        assert_eq!(native(&link), print, "{link}");
        println!("{print} {link}");
    }
}

#[test]
fn who_does_not_look_ahead_stays_far_below_the_optimum() {
    let browser = Browser::start();
    // In percent of the way from random choice to the optimum; the next click alone is most, but not all, of what can be recommended.
    for (preset, most) in [("puterman", 0.0), ("warlop", 90.0)] {
        tab(&browser, &format!("#1&p={preset}&gamma=0"), |page| {
            run_to_convergence(page);
            assert!(!page.is_visible(".converged"));
            let (sentence, share) = (page.text(".verdict"), page.text(".yardstick tr.learner td:nth-child(3)"));
            println!("{preset}, gamma 0: {share}: {sentence}");
            assert!(sentence.contains(" less than the optimum"), "{sentence}");
            let share: f64 = share.trim_end_matches('%').trim().replace('\u{2212}', "-").parse().expect("a share");
            assert!(share < most, "{share}");
        });
    }
}

#[test]
fn a_plan_that_ends_first_says_so_and_the_same_button_goes_on() {
    // A hundredth of the plan is not enough.
    visit("#1&p=gvr_clearance&episodes=3000", |page| {
        run_to_convergence(page);
        assert_eq!(page.text("#position"), "Episode 3,000 of 3,000 · step 0");
        let outcome = page.text("#outcome");
        assert!(outcome.starts_with("Not converged after 3,000 episodes: "), "{outcome}");
        assert!(outcome.contains("go on for another 3,000"), "{outcome}");
        page.click("#converge");
        page.wait_for("document.querySelector('#position').textContent === 'Episode 6,000 (planned 3,000) · step 0'", 30.0);
        fingerprint(page);
        page.wait_for("document.querySelector('#outcome').textContent.includes('Not converged after 6,000 episodes: ')", 5.0);
        // What is counted beside the table and in the verdict is the same, and leaves out what nobody comes to.
        let counts = "(text => [text.match(/^(?:In )?(\\d+) states/)[1], text.includes('15 states that cannot be reached')])";
        page.wait_for("document.querySelector('.policy p').textContent.includes('(measured after episode 6,000)')", 5.0);
        let beside = page.eval(&format!("{counts}(document.querySelector('.policy p').innerText)"));
        page.click("#tab-verdict");
        page.wait_for("document.querySelector('.wrong-title')", 30.0);
        assert_eq!(page.eval(&format!("{counts}(document.querySelector('.wrong-title').nextElementSibling.innerText)")), beside);
        assert_eq!(beside[1], true);
    });
}

#[test]
fn convergence_is_told_exactly_and_not_after_a_few_lucky_episodes() {
    visit("", |page| {
        run_to_convergence(page);
        assert!(page.text("#outcome").starts_with("✓ Converged: its policy is as good as the optimum"));
        let about = page.eval("document.querySelector('#outcome').title");
        for part in ["4 times or more in a row", "10\u{a0}% of the planned episodes", "99.99\u{a0}%", "may still move"] {
            assert!(about.as_str().is_some_and(|about| about.contains(part)), "{about}");
        }
        let episode = page.eval("Number(document.querySelector('#position').textContent.match(/[\\d,]+/)[0].replace(',', ''))");
        assert!(episode.as_f64() >= Some(200.0), "{episode}");
        assert!(page.text("#total").ends_with(" steps in all"));
    });
}

#[test]
fn a_link_far_ahead_says_that_its_run_is_being_rebuilt() {
    visit("#1&p=zipkin_l2_p4&episodes=2000000&at=1900000.5", |page| {
        page.wait_for(
            "document.querySelector('#aim')?.innerText === 'Rebuilding the run of this link, up to episode 1,900,000 · step 5'",
            10.0,
        );
        page.wait_for("document.querySelector('.jump progress').checkVisibility()", 5.0);
        page.click("#cancel");
        fingerprint(page);
        // A step of an episode, as the page writes it.
        page.fill("#goto", "3:5");
        page.click("#goto-go");
        fingerprint_at(page, 3, 5);
        assert_eq!(page.eval("document.querySelector('#goto').value"), "3:5");
        page.wait_for("location.hash.endsWith('at=3.5')", 5.0);
    });
}

#[test]
fn pause_holds_while_a_problem_is_solved() {
    visit("#1&p=puterman", |page| {
        fingerprint(page);
        page.click("#gallery");
        page.wait_for("document.querySelector('[data-preset=zipkin_l2_p4]')", 5.0);
        page.eval("document.querySelector('[data-preset=zipkin_l2_p4]').click(), document.querySelector('#play').click(), null");
        page.wait_for("location.hash === '#1&p=zipkin_l2_p4'", 20.0);
        fingerprint(page);
        assert!(!is_playing(page));
        assert!(page.text("#position").starts_with("Episode 0 "), "{}", page.text("#position"));
    });
}

#[test]
fn a_run_that_is_played_goes_on_from_its_place_when_another_problem_is_refused_after_all() {
    visit("#1&p=chain&at=20.3", |page| {
        fingerprint(page);
        // One step a second: a run that began anew would not come far.
        page.click("#speed");
        page.key("Home");
        page.click("#play");
        // The worker is given up while it solves the first; only a fresh one refuses the second.
        page.choose("#preset", "chain_poisson");
        page.fill("#field-discount", "1");
        page.wait_for("document.querySelector('#refused')", 20.0);
        page.wait_for("/^Episode 20 .* step ([4-9]|\\d\\d)$/.test(document.querySelector('#position').textContent)", 20.0);
        assert!(is_playing(page));
    });
}
