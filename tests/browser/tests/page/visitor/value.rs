//! How a value came about, and the way from the worked update to its cell and back.

use std::rc::Rc;

use retailq::checkpoints::Checkpoints;
use retailq::config::Position;
use retailq::evaluate::Yardstick;
use retailq::mdp::State;
use retailq::share::{from_link, position_text};
use retailq::story::{Report, Story};
use retailq::trainer::{Limit, Trainer};
use retailq_browser_tests::Page;

use super::{fingerprint, hash, visit};

/// The story of a pair natively, from the beginning of the run: there is no other checkpoint.
fn native(link: &str, state: u32, slot: u32) -> Report {
    let shared = from_link(link).expect("a link");
    let setup = Rc::new(shared.experiment.compile().expect("a problem"));
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut trainer = Trainer::new(setup, yardstick).expect("a learner");
    let checkpoints = Checkpoints::new(&trainer);
    trainer.advance(Limit { steps: u64::MAX, episode: shared.position.episode });
    let steps = trainer.steps() + u64::from(shared.position.step);
    trainer.advance(Limit { steps, episode: u32::MAX });
    let mut story = Story::new(&trainer, &checkpoints, State(state), slot);
    while !story.is_done() {
        story.advance(u64::MAX);
    }
    story.report()
}

/// Moments of the updates listed, the newest first.
const MOMENTS: &str = "[...document.querySelectorAll('.revisions tbody button')].map(button => button.textContent)";

/// A moment as the page writes it.
fn shown(position: Position) -> String {
    let text = position_text(position).replace('.', " · step ");
    let (episode, step) = text.split_once(' ').map_or((text.as_str(), String::new()), |(episode, step)| (episode, [" ", step].concat()));
    let (thousands, rest) = episode.split_at(episode.len().saturating_sub(3));
    [thousands, if thousands.is_empty() { "" } else { "," }, rest, &step].concat()
}

fn told(page: &mut Page) {
    page.wait_for(
        "document.querySelector('#story-dialog[open] #story-value') && document.querySelector('#story-dialog .working').hidden",
        30.0,
    );
}

#[test]
fn a_click_on_a_value_tells_its_updates_and_each_can_be_gone_to() {
    let link = "#1&p=puterman&at=3500.20";
    visit(link, |page| {
        let print = fingerprint(page);
        page.click("#q-0-3");
        told(page);
        let report = native(link, 0, 3);
        let expected: Vec<String> = report.last.iter().rev().chain(report.first.iter().rev()).map(|it| shown(it.position)).collect();
        assert_eq!(page.eval(MOMENTS), serde_json::json!(expected));
        assert_eq!(page.text("#story-visits").replace(',', ""), report.visits.to_string());
        // The third of the first updates, a long way back: there it is the step just taken.
        let third = report.first.last().expect("a third update");
        page.click(".revisions tbody tr:nth-last-child(1) button");
        page.wait_for("!document.querySelector('dialog:modal')", 5.0);
        fingerprint(page);
        let first = report.first[0];
        page.wait_for(&format!("location.hash.endsWith('at={}')", position_text(first.position)), 5.0);
        // The words of a step follow it at leisure.
        page.wait_for("document.querySelector('.moment').innerText.includes('Update number 1 of this state and action.')", 5.0);
        assert_ne!(third.position, first.position);
        // Its cell is marked, and the story there has but this update.
        page.click("#reveal");
        page.wait_for("document.querySelector('#q-0-3.updated.chosen')", 5.0);
        page.wait_for("document.activeElement.getAttribute('role') === 'grid'", 5.0);
        page.key("Enter");
        told(page);
        assert_eq!(page.eval(MOMENTS), serde_json::json!([shown(first.position)]));
        page.key("Escape");
        page.wait_for("!document.querySelector('dialog:modal')", 5.0);
        // And back to where we were, bit for bit.
        page.fill("#goto", "3500.20");
        page.click("#goto-go");
        page.wait_for(&format!("document.querySelector('#fingerprint').textContent === '{print}'"), 20.0);
        assert_eq!(hash(page), link);
    });
}

#[test]
fn a_small_change_is_seen_and_a_new_episode_is_said_to_begin() {
    visit("#1&p=puterman&alpha=.00001&q0=20&at=3", |page| {
        fingerprint(page);
        page.wait_for("document.querySelector('.update')", 5.0);
        let sum = page.text(".update p:has(b)");
        let terms: Vec<&str> = sum.split(" = ").collect();
        let (before, after) = (terms[1].split(' ').next().unwrap_or_default(), terms[2]);
        let decimals = |number: &str| number.split('.').nth(1).map(str::len);
        assert_ne!(before, after, "{sum}");
        assert_eq!(decimals(before), decimals(after), "{sum}");
        page.wait_for("document.querySelector('.scene').innerText.includes('a new one begins')", 5.0);
        page.click("#step");
        page.wait_for("!document.querySelector('.scene').innerText.includes('a new one begins')", 5.0);
    });
}

#[test]
fn a_value_never_updated_and_a_network_say_so() {
    visit("#1&p=puterman", |page| {
        fingerprint(page);
        page.click("#q-1-0");
        told(page);
        assert!(page.text("#story-dialog").contains("has not been tried"));
    });
    visit("#1&p=puterman&algorithm=dqn&at=3", |page| {
        fingerprint(page);
        page.click("#q-0-0");
        told(page);
        let text = page.text("#story-dialog");
        assert!(text.contains("not made by single updates"), "{text}");
        assert_ne!(page.text("#story-visits"), "0");
        assert_eq!(page.eval(MOMENTS), serde_json::json!([]));
    });
}

#[test]
fn a_long_search_shows_progress_and_can_be_left() {
    // A pair that exploration left alone long ago is looked for interval by interval.
    visit("#1&p=garnet&epsilon=lin:1:0:2000&at=60000", |page| {
        fingerprint(page);
        page.click(".heat tbody tr:nth-child(2) td:not(.greedy)");
        page.wait_for("document.querySelector('#story-dialog[open]')", 5.0);
        page.key("Escape");
        page.wait_for("!document.querySelector('dialog:modal')", 5.0);
        let before = fingerprint(page);
        page.click("#step");
        page.wait_for("/ step 1$/.test(document.querySelector('#position').textContent)", 5.0);
        assert_ne!(fingerprint(page), before);
        page.click(".heat tbody tr:nth-child(2) td:not(.greedy)");
        told(page);
    });
}
