//! Any moment of the run can be reached, from any other, whatever the run is doing.

use retailq_browser_tests::Page;

use super::{fingerprint, fingerprint_at, hash, is_playing, visit};

/// Puts the thumb of the timeline somewhere, as a drag does.
fn scrub(page: &mut Page, episode: u32) {
    page.eval(&format!(
        "(() => {{ const it = document.querySelector('#timeline'); it.value = {episode};
            it.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ));
}

fn go_to(page: &mut Page, moment: &str) {
    page.fill("#goto", moment);
    page.click("#goto-go");
}

#[test]
fn the_field_goes_to_any_step_and_says_what_it_cannot_do() {
    visit("", |page| {
        fingerprint(page);
        go_to(page, "120.5");
        let there = fingerprint_at(page, 120, 5);
        assert_eq!(hash(page), "#1&p=puterman&at=120.5");
        // Step by step it is the same moment.
        go_to(page, "120.3");
        fingerprint_at(page, 120, 3);
        page.click("#step");
        fingerprint_at(page, 120, 4);
        page.click("#step");
        assert_eq!(fingerprint_at(page, 120, 5), there);
        for (text, said) in [
            ("twelve", "twelve: must be EPISODE or EPISODE.STEP"),
            ("-3", "-3: must be"),
            ("5.101", "5.101: an episode has at most 100 steps here"),
            ("999999999", "999999999: must be"),
        ] {
            go_to(page, text);
            page.wait_for("document.querySelector('#goto-fault').textContent", 2.0);
            let fault = page.text("#goto-fault");
            assert!(fault.starts_with(said), "{fault}");
            assert_eq!(fingerprint(page), there, "{text} moved the run");
        }
        // The last step of an episode ends it.
        go_to(page, "7.100");
        fingerprint_at(page, 8, 0);
        assert_eq!(page.text("#goto-fault"), "");
        page.eval("document.querySelector('#goto').focus(), document.querySelector('#goto').select()");
        page.type_text("9.1");
        page.key("Enter");
        fingerprint_at(page, 9, 1);
    });
}

#[test]
fn a_step_after_the_end_of_its_episode_is_explained() {
    visit("#1&p=troubleshoot", |page| {
        fingerprint(page);
        go_to(page, "7.19");
        fingerprint_at(page, 8, 0);
        page.wait_for(
            "document.querySelector('#goto-fault').textContent === 'Episode 7 ended before step 19. The run stands at its end.'",
            5.0,
        );
        go_to(page, "3");
        fingerprint_at(page, 3, 0);
        assert_eq!(page.text("#goto-fault"), "");
    });
}

#[test]
fn scrubbing_while_playing_goes_there_and_reset_repeats_the_run() {
    visit("#1&p=puterman&episodes=100000", |page| {
        let beginning = fingerprint(page);
        page.click("#play");
        page.wait_for("/^Episode ([5-9]\\d|\\d{3,})/.test(document.querySelector('#position').textContent)", 10.0);
        scrub(page, 20);
        let early = fingerprint_at(page, 20, 0);
        assert!(!is_playing(page));
        page.click("#play");
        page.wait_for("!/^Episode 20 /.test(document.querySelector('#position').textContent)", 10.0);
        scrub(page, 300);
        let late = fingerprint_at(page, 300, 0);
        page.click("#reset");
        assert_eq!(fingerprint_at(page, 0, 0), beginning);
        for (episode, print) in [(20, &early), (300, &late), (20, &early)] {
            scrub(page, episode);
            assert_eq!(&fingerprint_at(page, episode, 0), print);
        }
    });
}

#[test]
fn a_seek_far_ahead_shows_progress_keeps_the_thumb_and_can_be_cancelled() {
    visit("#1&p=zipkin_l2_p4&episodes=2000000", |page| {
        fingerprint(page);
        scrub(page, 1_900_000);
        page.wait_for("document.querySelector('.jump progress').checkVisibility()", 5.0);
        page.wait_for("!/^Episode 0 /.test(document.querySelector('#position').textContent)", 10.0);
        assert_eq!(page.eval("document.querySelector('#timeline').value"), "1900000");
        page.wait_for("document.querySelector('#aim').innerText === 'On the way to episode 1,900,000'", 5.0);
        // It stays where it is while the numbers beside it grow.
        page.click("#cancel");
        let print = fingerprint(page);
        let position = page.text("#position");
        assert_ne!(page.eval("document.querySelector('#timeline').value"), "1900000");
        let moment = hash(page).rsplit_once("at=").map(|(_, moment)| moment.to_owned()).expect("a position");
        go_to(page, "2");
        fingerprint_at(page, 2, 0);
        go_to(page, &moment);
        page.wait_for(&format!("document.querySelector('#position').innerText === {}", serde_json::json!(position)), 30.0);
        assert_eq!(fingerprint(page), print, "{moment}");
    });
}
