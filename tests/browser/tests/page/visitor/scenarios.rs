//! Every kind of problem plays, and the page stays smooth however fast it plays.

use retailq_browser_tests::Browser;

use super::{fingerprint, is_playing, tab, visit};

const LINKS: [&str; 7] = ["warlop", "menu", "zipkin_l2_p4", "chain", "clarify", "calvano_tft", "cart"];

#[test]
fn every_problem_opens_from_its_link_and_plays() {
    let browser = Browser::start();
    for preset in LINKS {
        tab(&browser, &format!("#1&p={preset}"), |page| {
            fingerprint(page);
            assert_eq!(page.eval("document.querySelector('#preset').value"), preset);
            page.click("#play");
            page.wait_for("!/^Episode \\d of/.test(document.querySelector('#position').textContent)", 20.0);
            let summary = "document.querySelector('.chart-main canvas').getAttribute('aria-label')";
            // Title, the learner's curves now, and the lines it is compared with.
            page.wait_for(&format!("/: .*\\d.*; .*optim(um|al,).* .*\\d/.test({summary})"), 10.0);
            if is_playing(page) {
                page.click("#play");
            }
            fingerprint(page);
            println!("{preset}: {}: {}", page.text("#position"), page.eval(summary));
            let drawn = "(() => { const it = document.querySelector('.chart-main canvas');
                return new Set(it.getContext('2d').getImageData(0, 0, it.width, it.height).data).size; })()";
            assert!(page.eval(drawn).as_u64() > Some(8), "{preset}: the chart is empty");
        });
    }
}

/// Presses the big button, and measures until the page shows the fingerprint of the run that stands.
const PAUSE: &str = "new Promise(done => {
    const start = performance.now();
    document.querySelector('#play').click();
    const look = () => /^[0-9a-f]{16}$/.test(document.querySelector('#fingerprint').textContent)
        ? done(performance.now() - start) : requestAnimationFrame(look);
    look();
})";

#[test]
fn at_full_speed_the_page_stays_smooth_and_pauses_at_once() {
    visit("#1&p=zipkin_l2_p4&episodes=100000", |page| {
        fingerprint(page);
        page.click("#speed");
        page.key("End");
        assert_eq!(page.text(".speed output"), "as fast as it goes");
        page.key("Space");
        page.eval("new Promise(done => setTimeout(done, 500))");
        let frames = page.frames(3.0);
        let mut pauses = Vec::new();
        for _ in 0..5 {
            assert!(is_playing(page));
            pauses.push(page.eval(PAUSE).as_f64().unwrap_or(f64::INFINITY));
            assert!(!is_playing(page));
            page.click("#play");
            page.eval("new Promise(done => setTimeout(done, 300))");
        }
        page.click("#play");
        fingerprint(page);
        let longest = frames.long_tasks.iter().copied().fold(0.0, f64::max);
        println!(
            "full speed: {:.1} frames/s, longest gap {:.0} ms, longest task over 50 ms: {longest:.0} ms ({} of them)",
            frames.per_second,
            frames.longest_gap,
            frames.long_tasks.len()
        );
        println!("pause to fingerprint, ms: {pauses:.0?}; {}", page.text("#position"));
        // A crowded machine must not fail this: the figures are for reading, the bounds for disasters.
        assert!(pauses.iter().all(|pause| *pause < 2000.0), "{pauses:?}");
        assert!(frames.per_second > 5.0 && longest < 2000.0, "{frames:?}");
    });
}
