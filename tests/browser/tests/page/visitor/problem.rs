//! Changing the problem, and links that do not name one.

use super::{fingerprint, hash, tab, visit};
use retailq_browser_tests::Browser;

#[test]
fn an_impossible_value_is_refused_beside_its_field_and_back_undoes_a_possible_one() {
    visit("", |page| {
        fingerprint(page);
        assert_eq!(page.text("#field-capacity-fault"), "");
        page.fill("#field-capacity", "-3");
        assert_eq!(page.text("#field-capacity-fault"), "-3: a whole number from 1 to 200");
        assert_eq!(hash(page), "#1&p=puterman");
        page.fill("#field-capacity", "4");
        page.wait_for("location.hash === '#1&p=puterman&capacity=4'", 5.0);
        assert_eq!(page.text("#field-capacity-fault"), "");
        page.wait_for("document.querySelector('.size').textContent.startsWith('5 states')", 5.0);
        assert_eq!(page.text(".claim"), "Claim of the unchanged preset: Order three, and only when the shelf is empty");
        page.eval("history.back(), null");
        page.wait_for("location.hash === '#1&p=puterman' && document.querySelector('#field-capacity').value === '3'", 5.0);
        page.wait_for("document.querySelector('.size').textContent.startsWith('4 states')", 5.0);
        assert_eq!(page.text(".claim"), "Order three, and only when the shelf is empty");
    });
}

#[test]
fn a_form_that_does_not_fit_together_says_so_above_everything_and_leads_to_the_field() {
    visit("", |page| {
        fingerprint(page);
        page.fill("#field-discount", "1");
        page.wait_for("document.querySelector('#refused')", 5.0);
        let text = page.text("#refused");
        assert!(text.starts_with("This does not run yet: Discount of the objective = 1: must be below 1,"), "{text}");
        assert_eq!(hash(page), "#1&p=puterman");
        let marked = "document.querySelector('#field-discount').getAttribute('aria-invalid')";
        assert_eq!(page.eval(marked), "true");
        page.eval("document.querySelector('#goto').focus(), null");
        page.click("#refused button");
        page.wait_for("document.activeElement.id === 'field-discount'", 5.0);
        page.fill("#field-discount", ".9");
        page.wait_for("location.hash === '#1&p=puterman&discount=.9' && !document.querySelector('#refused')", 5.0);
        page.wait_for(&format!("{marked} === 'false'"), 5.0);
    });
}

#[test]
fn a_broken_link_is_explained_and_opens_nothing_unasked() {
    let links = [
        ("#1&p=puterman&capacity=1e9", "capacity = 1000000000: a whole number from 1 to 200"),
        ("#1&p=puterman&capac", "capac: is not of the form key=value; the link may be cut"),
        ("#1&p=nowhere", "preset = nowhere: "),
        ("#2&p=puterman", "version = 2: this is not a version this page can read"),
        ("#1&p=puterman&colour=red", "colour = red: "),
        ("#p=puterman", "version: is missing; write 1& in front: 1&p=puterman"),
    ];
    let browser = Browser::start();
    for (link, explained) in links {
        tab(&browser, link, |page| {
            let text = page.text("#broken");
            for expected in ["This link or file cannot be opened.", "Nothing was opened in its place.", explained] {
                assert!(text.contains(expected), "{link}: {text}");
            }
            page.eval("new Promise(done => setTimeout(done, 200))");
            assert!(!page.is_visible("#play"));
            assert_eq!(hash(page), link);
            assert_eq!(page.text("#leave-broken"), "Open Puterman’s shop instead");
            page.click("#leave-broken");
            fingerprint(page);
            page.wait_for("location.hash === '#1&p=puterman'", 5.0);
            assert!(!page.is_visible("#broken"));
        });
    }
}

#[test]
fn a_change_that_is_refused_while_a_large_problem_is_solved_leaves_what_runs() {
    visit("#1&p=puterman&at=20.3", |page| {
        let print = fingerprint(page);
        page.eval("location.hash = '#1&p=warlop_ten', null");
        page.eval("new Promise(done => setTimeout(done, 150))");
        page.eval("location.hash = '#1&p=puterman&discount=1', null");
        page.wait_for("document.querySelector('#refused')", 10.0);
        // The worker that was at the large problem is replaced, and stands where the page does.
        page.wait_for("!document.querySelector('#play').disabled", 10.0);
        page.click("#step");
        page.wait_for("/step 4$/.test(document.querySelector('#position').textContent)", 10.0);
        page.click("#back");
        page.wait_for("/step 3$/.test(document.querySelector('#position').textContent)", 10.0);
        assert_eq!(fingerprint(page), print);
    });
}

#[test]
fn a_link_may_name_the_language_it_is_shown_in() {
    visit("#1&p=puterman&lang=zh", |page| {
        fingerprint(page);
        assert_eq!(page.text("#share"), "分享");
        page.fill("#field-capacity", "4");
        page.wait_for("location.hash === '#1&p=puterman&capacity=4&lang=zh'", 5.0);
        page.click("#language");
        page.fill("#field-capacity", "5");
        page.wait_for("location.hash === '#1&p=puterman&capacity=5'", 5.0);
        assert_eq!(page.text("#share"), "Share");
    });
}

#[test]
fn a_bad_cell_of_a_table_is_named_and_marked_alone() {
    visit("#1&p=menu", |page| {
        fingerprint(page);
        let marked = "[...document.querySelectorAll('.table-editor [aria-invalid=true]')].map(it => it.id).join()";
        page.fill("#field-offers-1-1", "15");
        assert_eq!(page.text("#field-offers-fault"), "Row 2, discount: 15; from 0 to .95, so 15\u{a0}% is .15");
        assert_eq!(page.eval(marked), "field-offers-1-1");
        page.fill("#field-offers-1-1", "1,5");
        assert_eq!(page.text("#field-offers-fault"), "Row 2, discount: 1,5; write decimals with a point: 1.5; a number from 0 to .95");
        page.fill("#field-offers-1-1", ".2");
        page.wait_for(&format!("{marked} === ''"), 5.0);
        assert_eq!(page.text("#field-offers-fault"), "");
        // Above the form it now says that the preset is changed.
        page.wait_for("location.hash.includes('offers=') && document.querySelector('.claim').innerText.startsWith('Claim of')", 5.0);
        fingerprint(page);
        page.fill("#field-offers-2-0", "mail");
        assert_eq!(page.text("#field-offers-fault"), "Row 3, name: mail; row 1 has this name too");
        assert_eq!(page.eval(marked), "field-offers-2-0");
        page.fill("#field-offers-2-0", "card");
        page.wait_for("location.hash.includes('offers=')", 5.0);
        assert_eq!(page.text("#field-offers-fault"), "");
    });
}

#[test]
fn names_in_a_table_are_kept_as_they_are_written_or_refused() {
    visit("#1&p=menu", |page| {
        fingerprint(page);
        page.fill("#field-offers-3-0", "a;b");
        assert_eq!(page.text("#field-offers-fault"), "Row 4, name: a;b; a name must not contain ; which separates rows");
        assert_eq!(page.eval("document.querySelector('#field-offers-3-0').getAttribute('aria-invalid')"), "true");
        page.fill("#field-offers-3-0", "post|寄信");
        page.wait_for("document.querySelector('.yardstick').innerText.includes('post')", 5.0);
        assert_eq!(page.text("#field-offers-fault"), "");
        assert_eq!(page.eval("document.querySelector('#field-offers-3-0').value"), "post|寄信");
        page.click("#language");
        page.wait_for("document.querySelector('.yardstick').innerText.includes('寄信')", 5.0);
        page.fill("#field-offers-3-0", "");
        page.wait_for("document.querySelector('.yardstick').innerText.includes('优惠 4')", 5.0);
        assert_eq!(page.eval("document.querySelector('#field-offers-3-0').placeholder"), "优惠 4");
        page.click("#language");
        page.wait_for("document.querySelector('#field-offers-3-0').placeholder === 'offer 4'", 5.0);
    });
}

#[test]
fn probabilities_of_demand_are_read_as_people_write_lists() {
    visit("", |page| {
        fingerprint(page);
        page.fill("#field-demand-0", "20%; 50 %; 30%");
        page.wait_for("location.hash === '#1&p=puterman&demand=.2,.5,.3'", 5.0);
        page.fill("#field-demand-0", ".3,.3,.3");
        assert_eq!(page.text("#field-demand-fault"), ".3,.3,.3: the probabilities sum to .9; they must sum to 1");
    });
}
