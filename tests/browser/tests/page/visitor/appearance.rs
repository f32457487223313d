//! Language, theme, width, and everybody's access.

use retailq_browser_tests::{Browser, Page};

use super::{fingerprint, hash, run_to_convergence, tab, visit};

/// Chinese text of a key of the page.
fn chinese(key: &str) -> &'static str {
    let lines = include_str!("../../../../../www/zh.txt").lines();
    lines.filter_map(|line| line.split_once(" = ")).find(|(name, _)| *name == key).map_or_else(|| panic!("no {key}"), |(_, text)| text)
}

#[test]
fn one_click_makes_the_page_chinese_and_it_stays_so() {
    visit("", |page| {
        run_to_convergence(page);
        assert_eq!(page.eval("document.documentElement.lang"), "en");
        assert_eq!(page.text("#play"), "Play");
        page.click("#language");
        for round in ["switched", "loaded again"] {
            page.wait_for("document.documentElement.lang === 'zh-Hans'", 10.0);
            assert_eq!(page.text("#play"), chinese("transport.play"), "{round}");
            assert_eq!(page.eval("document.title"), chinese("page.title"), "{round}");
            let others = page.eval(
                "[...document.querySelectorAll('h2, legend, label.name, figcaption, button')].filter(it => it.checkVisibility())
                    .map(it => it.innerText.trim()).filter(text => /[A-Za-z]{3}/.test(text) && !/[\\u4e00-\\u9fff]/.test(text))",
            );
            assert_eq!(others, serde_json::json!(["English"]), "{round}");
            page.reload();
            page.wait_for("document.querySelector('#play')", 10.0);
        }
    });
}

#[test]
fn the_theme_can_be_chosen_against_the_system() {
    visit("", |page| {
        fingerprint(page);
        let brightness = "(() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
            return r + g + b; })()";
        assert!(page.eval(brightness).as_f64() > Some(600.0));
        page.choose("#theme", "dark");
        page.wait_for(&format!("{brightness} < 200"), 2.0);
        page.choose("#theme", "system");
        page.wait_for(&format!("{brightness} > 600"), 2.0);
        page.dark(true);
        page.wait_for(&format!("{brightness} < 200"), 2.0);
        page.choose("#theme", "light");
        assert!(page.eval(brightness).as_f64() > Some(600.0));
    });
}

fn assert_accessible(page: &mut Page, what: &str) {
    assert_eq!(page.accessibility_faults(), Vec::<String>::new(), "{what}");
}

#[test]
fn everybody_can_use_it_in_both_themes_and_in_dialogs() {
    let browser = Browser::start();
    for theme in ["light", "dark"] {
        tab(&browser, "", |page| {
            run_to_convergence(page);
            // The words of a chart follow it at leisure.
            page.wait_for("[...document.querySelectorAll('canvas')].every(it => it.ariaLabel)", 5.0);
            page.choose("#theme", theme);
            assert_accessible(page, theme);
            for (button, dialog) in [("#share", "#share-dialog"), ("#keys", "#keys-dialog"), ("#gallery", "#gallery-dialog")] {
                page.click(button);
                page.wait_for(&format!("document.querySelector('{dialog}[open]')"), 2.0);
                // What is folded is looked at too.
                page.eval("document.querySelectorAll('dialog[open] details').forEach(it => it.open = true)");
                assert_accessible(page, &format!("{dialog}, {theme}"));
                page.key("Escape");
                page.wait_for("!document.querySelector('dialog:modal')", 2.0);
            }
        });
    }
}

#[test]
fn a_phone_never_scrolls_sideways() {
    let browser = Browser::start();
    for link in ["#1&p=puterman&at=20.3", "#1&p=own_toymaker&at=5", "#1&p=gvr_clearance&at=5", "#1&p=nowhere"] {
        tab(&browser, link, |page| {
            page.viewport(320, 640, 2.0);
            if !page.is_visible("#broken") {
                page.wait_for("!/^Episode 0 /.test(document.querySelector('#position').textContent)", 30.0);
                fingerprint(page);
            }
            assert_fits(page, link);
            if !page.is_visible("#broken") {
                // The problem is named at the top; its name leads to its editors, and from there back to the run.
                let (name, shown) = (page.text(".places a"), page.eval("document.querySelector('#preset').selectedOptions[0].text"));
                assert!(shown.as_str().is_some_and(|shown| name.ends_with(shown)), "{name}");
                for (place, target) in [("a:first-child", "scenario"), ("a:last-child", "play")] {
                    page.click(&format!(".places {place}"));
                    let seen = format!(
                        "document.activeElement.id === '{target}' &&
                        document.activeElement.getBoundingClientRect().top >= document.querySelector('.places').getBoundingClientRect().bottom"
                    );
                    assert_eq!(page.eval(&seen), true, "{target}");
                }
                assert_eq!(hash(page), link);
            }
            for button in ["#share", "#keys", "#gallery"] {
                page.click(button);
                page.wait_for("document.querySelector('dialog:modal')", 2.0);
                page.eval("document.querySelectorAll('dialog[open] details').forEach(it => it.open = true)");
                assert_fits(page, &format!("{link} {button}"));
                page.key("Escape");
                page.wait_for("!document.querySelector('dialog:modal')", 2.0);
            }
        });
    }
}

/// Neither the page nor an open dialog is wider than the window.
fn assert_fits(page: &mut Page, what: &str) {
    page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    let widths =
        page.eval("[document.documentElement, ...document.querySelectorAll('dialog[open]')].map(it => it.scrollWidth - it.clientWidth)");
    assert!(widths.as_array().is_some_and(|widths| widths.iter().all(|over| over.as_f64() <= Some(0.0))), "{what}: too wide by {widths}");
    assert_eq!(page.eval("scrollTo(50, 0), scrollX"), 0, "{what}");
}
