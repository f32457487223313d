//! What a visitor takes away: links, frames, pictures, tables, paper; and what is brought back.

use retailq::csv;
use retailq::environment::SCENARIOS;
use retailq_browser_tests::{Browser, Page};
use serde_json::json;

use super::{drop_file, fingerprint, fingerprint_at, hash, is_playing, tab, visit};

/// Keeps what would be saved, instead of bothering the browser with it.
const KEEP: &str = "(() => {
    window.saved = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = blob => { saved.push({ blob }); return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { saved.at(-1).name = this.download; };
})()";

/// Does something that saves, and gives name and text of the file.
fn saved(page: &mut Page, act: impl FnOnce(&mut Page)) -> (String, String) {
    let before = page.eval("saved.length").as_u64().unwrap_or_default();
    act(page);
    page.wait_for(&format!("saved[{before}]?.name"), 20.0);
    let file = page.eval(
        "(async () => [saved.at(-1).name, await saved.at(-1).blob.text(),
        [...new Uint8Array(await saved.at(-1).blob.slice(0, 3).arrayBuffer())]])()",
    );
    if file[0].as_str().is_some_and(|name| name.ends_with(".csv")) {
        assert_eq!(file[2], json!([0xef, 0xbb, 0xbf]), "no mark of UTF-8");
    }
    (file[0].as_str().unwrap_or_default().to_owned(), file[1].as_str().unwrap_or_default().to_owned())
}

fn open_share(page: &mut Page) {
    page.click("#share");
    page.wait_for("document.querySelector('#share-dialog[open]')", 2.0);
}

#[test]
fn tables_are_saved_as_the_page_shows_them() {
    visit("#1&p=puterman&at=120.7", |page| {
        fingerprint_at(page, 120, 7);
        page.eval(KEEP);
        open_share(page);
        let (name, text) = saved(page, |page| page.click("#save-q-table"));
        assert_eq!(name, "retailq-puterman-at-120.7-q-table.csv");
        let rows = csv::read(&text).expect("a table");
        assert_eq!(rows[0].cells[0], "number of the state, from 0");
        page.wait_for("document.querySelector('.saving .answer').textContent.includes('q-table.csv')", 2.0);
        let (name, steps) = saved(page, |page| page.click("#save-steps"));
        assert_eq!(name, "retailq-puterman-at-120.7-steps.csv");
        assert_eq!(csv::read(&steps).expect("a table").len(), 8);
        for sheet in ["episodes", "measurements", "policy"] {
            let (name, text) = saved(page, |page| page.click(&format!("#save-{sheet}")));
            assert_eq!(name, format!("retailq-puterman-at-120.7-{sheet}.csv"));
            assert!(csv::read(&text).expect("a table").len() > 3);
        }
        let (name, experiment) = saved(page, |page| page.click("#download"));
        assert_eq!(name, "retailq-puterman-at-120.7-experiment.json");
        assert!(experiment.contains("\"at\": \"120.7\""));
        // In the visitor's language.
        page.key("Escape");
        page.click("#language");
        open_share(page);
        let (_, chinese) = saved(page, |page| page.click("#save-policy"));
        assert!(chinese.contains("贪心动作") && chinese.contains("订货"), "{chinese}");
    });
}

#[test]
fn a_large_table_is_saved_while_the_run_goes_on_and_the_page_stays_smooth() {
    visit("#1&p=garnet", |page| {
        fingerprint(page);
        page.eval(KEEP);
        page.click("#play");
        open_share(page);
        page.eval(
            "window.tasks = [], new PerformanceObserver(list => tasks.push(...list.getEntries().map(it => it.duration)))
            .observe({ type: 'longtask' })",
        );
        let (_, text) = saved(page, |page| page.click("#save-q-table"));
        page.key("Escape");
        let longest = page.eval("Math.max(0, ...tasks)");
        println!("{} kB of Q-table; longest task over 50 ms: {longest} ms", text.len() / 1000);
        assert!(csv::read(&text).expect("a table").len() > 5_000);
        // A crowded machine must not fail this: the figure is for reading, the bound for disasters.
        assert!(longest.as_f64() < Some(1000.0), "{longest}");
        page.click("#play");
        fingerprint(page);
    });
}

#[test]
fn every_chart_can_be_taken_away_with_its_settings() {
    visit("#1&p=puterman&capacity=4&at=50", |page| {
        let print = fingerprint_at(page, 50, 0);
        page.eval(KEEP);
        let link = page.eval("location.href").as_str().unwrap_or_default().replace('&', "&amp;");
        let count = page.eval("document.querySelectorAll('.menu').length").as_u64().unwrap_or_default();
        assert_eq!(count, 5);
        for index in 0..count {
            let menu = format!(".chart-grid > :nth-child({}) .menu", index + 1);
            page.click(&format!("{menu} summary"));
            let (name, svg) = saved(page, |page| page.click(&format!("{menu} button:nth-child(2)")));
            assert!(name.starts_with("retailq-puterman-at-50-") && name.ends_with(".svg"), "{name}");
            let squeezed = svg.split('\n').collect::<String>();
            for part in ["<svg", &print, "= 4", link.as_str()] {
                assert!(squeezed.contains(part), "{name} lacks {part}: {}", &svg[svg.len().saturating_sub(1500)..]);
            }
            assert_eq!(page.eval("document.querySelector('.menu[open]')"), json!(null));
        }
        let menu = ".chart-main .menu";
        page.click(&format!("{menu} summary"));
        let (name, _) = saved(page, |page| page.click(&format!("{menu} button:nth-child(1)")));
        assert_eq!(name, "retailq-puterman-at-50-returns.png");
        let size = page.eval("createImageBitmap(saved.at(-1).blob).then(it => [it.width, it.height])");
        assert_eq!(size[0], 1920, "{size}");
        // By keys alone.
        page.eval(&format!("document.querySelector('{menu} summary').focus()"));
        page.key("Enter");
        page.wait_for(&format!("document.querySelector('{menu}').open"), 2.0);
        page.key("Tab");
        assert_eq!(page.eval("document.activeElement.innerText"), "Picture (PNG)");
        page.key("Escape");
        assert_eq!(page.eval(&format!("document.activeElement.parentElement === document.querySelector('{menu}:not([open])')")), true);
    });
}

#[test]
fn the_report_is_one_page_in_both_languages() {
    let browser = Browser::start();
    for (name, link) in [
        ("report", "#1&p=puterman&capacity=4&seed=7&at=300"),
        ("report-clarify", "#1&p=clarify&at=2000"),
        ("report-menu", "#1&p=menu&at=200"),
        ("report-zheng", "#1&p=zheng_10&at=50"),
    ] {
        tab(&browser, link, |page| {
            page.wait_for("!/^Episode 0 /.test(document.querySelector('#position').textContent)", 30.0);
            page.wait_for("document.querySelector('.yardstick tr.learner')", 10.0);
            let print = fingerprint(page);
            page.eval("window.print = () => window.printed = (window.printed ?? 0) + 1, null");
            for (round, language) in ["en", "zh"].into_iter().enumerate() {
                page.key("Control+p");
                page.wait_for(&format!("window.printed === {}", round + 1), 10.0);
                let text = page.eval("document.querySelector('.report').textContent");
                let text = text.as_str().unwrap_or_default();
                let address = page.eval("location.href");
                for part in [&print, address.as_str().unwrap_or_default()] {
                    assert!(text.contains(part), "{part} is not in {text}");
                }
                // However long the policy is, the states that are come to most have its room.
                let visits = page.eval(
                    "[...document.querySelectorAll('.report-policy td:nth-child(4)')].map(it => Number(it.textContent.replaceAll(',', '')))",
                );
                let visits: Vec<f64> = visits.as_array().into_iter().flatten().filter_map(|visits| visits.as_f64()).collect();
                assert!(visits.len() >= 4 && visits[0] > 0.0 && visits.is_sorted_by(|a, b| a >= b), "{visits:?}");
                assert_eq!(page.eval("['svg', 'table', '.qr'].every(it => document.querySelector('.report ' + it))"), true);
                assert_eq!(page.pdf(&format!("{name}-{language}")), 1, "{link}, {language}");
                page.wait_for("!document.querySelector('.report')", 5.0);
                page.click("#language");
            }
        });
    }
}

#[test]
fn the_code_is_drawn_for_links_that_fit() {
    visit("#1&p=puterman&at=50", |page| {
        fingerprint_at(page, 50, 0);
        open_share(page);
        page.click("#share-qr summary");
        page.wait_for("document.querySelector('#share-qr .qr')", 2.0);
        assert_eq!(page.eval("document.querySelector('.qr').getAttribute('aria-label')"), "QR code of the link to this run");
        let fields = page.eval("document.querySelector('.qr').viewBox.baseVal.width").as_f64();
        assert!(fields > Some(28.0) && fields < Some(60.0), "{fields:?}");
    });
}

#[test]
fn a_frame_in_another_page_is_compact_still_and_without_memory() {
    let browser = Browser::start();
    let link = "#1&p=puterman&at=20.3";
    let mut expected = String::new();
    let mut code = String::new();
    tab(&browser, link, |page| {
        expected = fingerprint_at(page, 20, 3);
        page.choose("#theme", "dark");
        open_share(page);
        page.click("#share-embed summary");
        page.click("#copy-embed");
        page.wait_for("document.querySelector('.answer').textContent === 'Copied.'", 5.0);
        code = page.eval("navigator.clipboard.readText()").as_str().unwrap_or_default().to_owned();
        assert!(code.starts_with("<iframe ") && code.contains("&amp;embed=1\""), "{code}");
    });
    tab(&browser, &format!("{link}&embed=1"), |page| {
        for width in [320, 900] {
            page.viewport(width, 600, 1.0);
            assert_eq!(fingerprint_at(page, 20, 3), expected);
            assert!(!is_playing(page) && !page.is_visible("#share") && !page.is_visible(".problem"));
            let over =
                page.eval("[document.documentElement, document.querySelector('.embedded')].map(it => it.scrollWidth - it.clientWidth)");
            assert_eq!(over, json!([0, 0]), "{width}");
        }
        // The theme that the full page remembers is none of the frame's business, nor does it remember anything.
        assert_eq!(page.eval("document.documentElement.dataset.theme"), "light");
        assert_eq!(page.eval("document.activeElement === document.body"), true);
        let full = page.eval("document.querySelector('#open-full').href");
        assert_eq!(full, format!("{}{link}", browser.site()));
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        page.key("ArrowRight");
        fingerprint_at(page, 20, 4);
        page.wait_for("location.hash.endsWith('at=20.4&embed=1')", 5.0);
        assert!(page.text(".moment-summary").contains("Reward"));
        page.reload();
        page.wait_for("document.querySelector('#position')", 10.0);
        fingerprint_at(page, 20, 4);
        assert!(page.is_visible(".embedded"));
    });
    tab(&browser, link, |page| {
        fingerprint_at(page, 20, 3);
        page.eval(&format!("document.body.insertAdjacentHTML('beforeend', {})", json!(code)));
        let inside = "document.querySelector('iframe').contentDocument";
        page.wait_for(&format!("{inside}.querySelector('#fingerprint')?.textContent === {}", json!(expected)), 20.0);
        assert_eq!(page.eval("document.activeElement === document.body"), true);
    });
    tab(&browser, "#1&p=puterman&embedded=1", |page| {
        assert!(page.text("#broken").contains("embedded = 1"));
    });
}

#[test]
fn the_gallery_opens_and_plays() {
    visit("", |page| {
        fingerprint(page);
        assert_eq!(page.text("#gallery"), "Examples");
        page.click("#gallery");
        page.wait_for("document.querySelector('#gallery-dialog[open] .example')", 5.0);
        let presets: Vec<_> = SCENARIOS.iter().flat_map(|scenario| scenario.presets).map(|preset| preset.key).collect();
        let shown = page.eval("[...document.querySelectorAll('.example')].map(it => it.dataset.preset)");
        let mut shown: Vec<_> = shown.as_array().into_iter().flatten().filter_map(|key| key.as_str()).collect();
        assert_eq!(shown.len(), presets.len());
        shown.sort_unstable();
        let mut sorted = presets.clone();
        sorted.sort_unstable();
        assert_eq!(shown, sorted);
        assert_eq!(page.eval("document.querySelectorAll('#gallery-dialog h3').length"), 7);
        assert_eq!(page.eval("[...document.querySelectorAll('.example')].every(it => /Source: |Own design/.test(it.innerText))"), true);
        // The row at the top leads to each of them, and leaves the address alone.
        assert_eq!(page.eval("document.querySelectorAll('#gallery-dialog nav button').length"), 7);
        page.click("#gallery-dialog nav button:last-child");
        let heading = "document.activeElement.tagName === 'H3'
            && document.activeElement.innerText === document.querySelector('#gallery-dialog nav button:last-child').innerText
            && document.activeElement.getBoundingClientRect().bottom <= innerHeight";
        assert_eq!(page.eval(heading), true);
        assert_eq!(hash(page), "#1&p=puterman");
        // Every model but one's own table has a drawing of its own.
        let drawings = page.eval("new Set([...document.querySelectorAll('.example path')].map(it => it.getAttribute('d'))).size");
        assert_eq!(drawings, SCENARIOS.len());
        page.click(".example[data-preset=clarify]");
        page.wait_for("!document.querySelector('dialog:modal')", 2.0);
        page.wait_for("/^Episode [1-9]/.test(document.querySelector('#position').textContent)", 10.0);
        assert!(is_playing(page));
        page.click("#play");
        fingerprint(page);
        assert!(hash(page).starts_with("#1&p=clarify&at="), "{}", hash(page));
        assert_eq!(page.text("#gallery"), "Examples");
        page.eval("history.back(), null");
        page.wait_for("location.hash === '#1&p=puterman'", 5.0);
        fingerprint(page);
    });
}

#[test]
fn a_dropped_file_opens_and_a_bad_one_loses_nothing() {
    visit("#1&p=puterman&at=20.3", |page| {
        let print = fingerprint_at(page, 20, 3);
        for (text, explained) in [
            ("PK\u{3}\u{4}", "is not JSON"),
            ("{\"retailq\": 1, ", "is no whole JSON"),
            ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": -1}}", "capacity = -1"),
            ("{\"retailq\": 9, \"preset\": \"puterman\"}", "version = 9"),
        ] {
            drop_file(page, "bad.json", text);
            page.wait_for("document.querySelector('#broken')", 5.0);
            let shown = page.text("#broken");
            assert!(shown.contains(explained) && shown.contains("What was running goes on."), "{shown}");
            assert_eq!(fingerprint_at(page, 20, 3), print);
            page.click("#leave-broken");
            page.wait_for("!document.querySelector('#broken')", 2.0);
        }
        drop_file(page, "good.json", "{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": 5}, \"at\": \"7\"}");
        fingerprint_at(page, 7, 0);
        page.wait_for("location.hash === '#1&p=puterman&capacity=5&at=7'", 5.0);
        assert!(!page.is_visible(".drop"));
    });
}
