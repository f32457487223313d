//! The map of the policy over any two factors of the state.

use retailq::mdp::State;
use retailq::share::from_link;
use retailq_browser_tests::Page;

use serde_json::json;

use super::{fingerprint, visit};

#[test]
fn two_of_many_factors_span_the_map_and_the_others_are_fixed() {
    let link = "#1&p=warlop&at=20";
    let environment = from_link(link).expect("a link").experiment.build().expect("a problem");
    let counts: Vec<u32> = environment.factors().iter().map(|factor| factor.levels.count()).collect();
    assert!(counts.len() > 3, "{counts:?}");
    visit(link, |page| {
        fingerprint(page);
        page.click(".policy .choice button:nth-child(2)");
        let fields = "document.querySelectorAll('.policy-map .cell').length";
        page.wait_for(&format!("{fields} === {}", counts[0] * counts[1]), 5.0);
        // Every field names its state: the two factors of the axes as they stand there, the others as chosen.
        page.choose("#map-down", "2");
        page.wait_for(
            &format!(
                "{fields} === {} && document.querySelector('.map-axes')?.innerText.startsWith('Down: shown 3 ago')",
                counts[2] * counts[1]
            ),
            5.0,
        );
        // Who comes back from another tab finds the same map.
        page.click("#tab-compare");
        page.wait_for("!document.querySelector('.policy')", 5.0);
        page.click("#tab-policy");
        page.wait_for(&format!("{fields} === {} && document.querySelector('#map-down').value === '2'", counts[2] * counts[1]), 5.0);
        let key = environment.factors()[3].key;
        page.choose(&format!("#map-{key}"), "1");
        let start = environment.start()[0].0;
        let mut levels = environment.levels(start);
        (levels[1], levels[2], levels[3]) = (1, 2, 1);
        let state = (0..environment.state_count()).find(|state| environment.levels(State(*state)) == levels).expect("a state");
        let words = environment.describe(State(state), retailq::words::Language::English);
        let title = "document.querySelector('.policy-map tbody tr:nth-child(3) td:nth-of-type(2)')?.title";
        page.wait_for(&format!("{title}.startsWith({})", serde_json::json!(words)), 5.0);
        // Choosing the factor of the other axis exchanges them.
        page.choose("#map-across", "2");
        page.wait_for("document.querySelector('#map-down').value === '1'", 5.0);
        page.wait_for("document.querySelector('.map-axes')?.innerText.includes('Across: shown 3 ago')", 5.0);
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        // A problem with fewer factors has its own map.
        page.choose("#scenario", "clearance");
        page.wait_for("!document.querySelector('#map-down') && document.querySelector('.policy-map .cell')", 5.0);
    });
}

#[test]
fn the_policy_at_work_shows_its_rhythm_beside_any_other() {
    visit("#1&p=warlop&at=1500", |page| {
        fingerprint(page);
        page.click(".policy .choice button:nth-child(3)");
        page.wait_for("document.querySelectorAll('.rollout tbody tr').length === 60", 5.0);
        let text = page.text(".policy");
        for rhythm in ["Q-learning (greedy policy): from step ", "exact optimum: from step "] {
            assert!(text.contains(rhythm), "{text}");
        }
        let actions = "[...document.querySelectorAll('.rollout tbody td.cell:nth-of-type(1)')].slice(-6).map(cell => cell.innerText)";
        let last = page.eval(actions);
        let last: Vec<&str> = last.as_array().expect("cells").iter().filter_map(|cell| cell.as_str()).collect();
        assert_eq!(last[..3], last[3..], "a rhythm of three");
        // The trade's bestseller is the other policy, and other customers come.
        page.choose("#rollout-rival", "0");
        page.wait_for("document.querySelector('.rollout thead th:nth-child(4)').innerText.includes('bestseller')", 5.0);
        page.wait_for("document.querySelector('.policy').innerText.includes('it always does the same: recommend')", 5.0);
        page.click(".policy .pager button:last-child");
        page.wait_for("document.querySelector('.policy .pager span').innerText === 'Episode 2'", 5.0);
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        // What has learned nothing yet does something else.
        page.key("r");
        page.wait_for(&format!("JSON.stringify({actions}) !== {}", json!(json!(last).to_string())), 5.0);
    });
}

#[test]
fn one_factor_spans_the_map_alone_with_the_optimum_below() {
    let cell = |level: &str, part: u32| {
        format!("[...document.querySelectorAll('.policy-map.line tr')].find(row => row.cells[0]?.innerText === '{level}')?.cells[{part}]")
    };
    visit("#1&p=zheng_10&at=300", |page| {
        fingerprint(page);
        page.wait_for("document.querySelectorAll('.policy-map.line .cell').length === 162", 5.0);
        // The map follows the run by a moment.
        page.wait_for(&format!("{}.title === '7 on the shelf: order nothing'", cell("7", 1)), 5.0);
        // Two numbers suffice: order up to 38 where 6 or fewer are left.
        for (level, optimal, state) in
            [("−20", "38", "20 owed"), ("6", "38", "6 on the shelf"), ("7", "–", "7 on the shelf: order nothing")]
        {
            let text = page.eval(&format!("{}.innerText.replace(/[^–0-9]/g, '')", cell(level, 2)));
            assert_eq!(text, optimal, "{level}");
            let title = page.eval(&format!("{}.title", cell(level, 1)));
            assert!(title.as_str().is_some_and(|title| title.starts_with(state)), "{title}");
        }
        // Differences and states that were never tried are marked as on any other map.
        let marked = "['instead', 'unvisited'].map(it => document.querySelectorAll('.policy-map .' + it).length)";
        let marked = page.eval(marked);
        assert!(marked.as_array().is_some_and(|counts| counts.iter().all(|count| count.as_u64() > Some(0))), "{marked}");
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
        for width in [320, 1280] {
            page.viewport(width, 800, 1.0);
            assert_eq!(
                page.eval("document.querySelector('.policy .tall').scrollWidth - document.querySelector('.policy .tall').clientWidth"),
                0
            );
        }
        // The table opens where the run begins, with an empty shelf.
        page.click(".policy .choice button:nth-child(1)");
        page.wait_for("document.querySelector('.heat tbody th')?.innerText === 'shelf empty'", 5.0);
        assert_eq!(page.text(".pager span"), "States 21 to 24 of 81");
        // A table that is seen at once comes first.
        page.choose("#scenario", "puterman");
        page.wait_for("document.querySelector('.heat .cell') && !document.querySelector('.policy .pager')", 5.0);
        page.click(".policy .choice button:nth-child(2)");
        page.wait_for("document.querySelectorAll('.policy-map.line .cell').length === 8", 5.0);
    });
}

#[test]
fn names_of_the_map_are_whole_where_there_is_room() {
    visit("#1&p=menu&at=20", |page| {
        fingerprint(page);
        for (width, height) in [(1280, 900), (390, 844)] {
            page.viewport(width, height, 1.0);
            page.wait_for("document.querySelector('.policy-map .cell')", 5.0);
            let text = page.text(".policy-map");
            assert!(text.contains("coupon") && !text.contains('…'), "{text}");
        }
    });
}

/// The table begins with the start, in the last state of all.
fn to_the_first_page(page: &mut Page) {
    page.click(".policy .choice button:nth-child(1)");
    page.wait_for("document.querySelector('.pager span')?.innerText === 'States 145 to 150 of 150'", 5.0);
    for _ in 0..6 {
        page.click(".pager button:first-child");
    }
    page.wait_for("document.querySelectorAll('.heat tbody tr').length === 24", 5.0);
}

#[test]
fn the_map_comes_first_where_the_state_has_two_factors_and_what_is_over_is_left_out() {
    visit("#1&p=gvr_clearance&at=20", |page| {
        fingerprint(page);
        // Five units over thirty days; neither the sold-out shelf nor the season's end has a line.
        page.wait_for("document.querySelectorAll('.policy-map .cell').length === 150", 5.0);
        assert_eq!(
            page.eval(
                "[document.querySelectorAll('.policy-map tbody tr').length, document.querySelectorAll('.policy-map .unavailable').length]"
            ),
            json!([30, 0])
        );
        to_the_first_page(page);
        assert_eq!(page.text(".pager span"), "States 1 to 24 of 150");
        let lines = "[...document.querySelectorAll('.heat tbody tr')]";
        assert_eq!(page.eval(&format!("{lines}.every(line => line.querySelector('.cell') && !line.innerText.includes('sold out'))")), true);
        // The headings stay in sight.
        let above = "document.querySelector('.heat thead th').getBoundingClientRect().top
            - document.querySelector('.policy .tall').getBoundingClientRect().top";
        page.eval("document.querySelector('.policy .tall').scrollTop = 150");
        assert_eq!(page.eval("document.querySelector('.policy .tall').scrollTop"), 150);
        assert!(page.eval(above).as_f64().is_some_and(|above| (0.0..=2.0).contains(&above)), "{}", page.eval(above));
        // A cell on a later page is found there.
        page.click(".pager button:last-child");
        page.wait_for("document.querySelector('.pager span').innerText.startsWith('States 25 to 48')", 5.0);
        page.click("#reveal");
        page.wait_for("document.querySelector('.heat .updated.chosen') && document.activeElement.role === 'grid'", 5.0);
        // Keys bring the cell they move to into sight.
        for _ in 0..23 {
            page.key("ArrowDown");
        }
        page.wait_for(
            "(() => { const cell = document.querySelector('.heat .chosen')?.getBoundingClientRect();
                const frame = document.querySelector('.policy .tall').getBoundingClientRect();
                return cell?.top >= frame.top && cell.bottom <= frame.bottom + 1; })()",
            5.0,
        );
        // Who comes back from another tab finds the same table; from one that stands still, so that the way back does not move.
        page.click("#tab-compare");
        page.wait_for("!document.querySelector('.policy')", 5.0);
        page.click("#tab-policy");
        page.wait_for("document.querySelector('.heat .cell')", 5.0);
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
    });
}

#[test]
fn keys_go_through_a_long_table_page_by_page() {
    visit("#1&p=gvr_clearance&at=20", |page| {
        fingerprint(page);
        to_the_first_page(page);
        let page_shown = |page: &mut Page, range: &str| {
            page.wait_for(&format!("document.querySelector('.pager span').innerText === 'States {range} of 150'"), 5.0);
            page.wait_for("document.querySelector('.heat .chosen') && document.activeElement.role === 'grid'", 5.0);
        };
        let columns = page.eval("document.querySelectorAll('.heat tbody tr:first-child .cell').length").as_u64().unwrap_or_default();
        assert!(columns > 1, "{columns}");
        let stands = |page: &mut Page, row: u64, column: u64| {
            page.wait_for(
                &format!(
                    "(() => {{ const cell = document.querySelector('.heat .chosen');
                        return cell?.parentNode.rowIndex === {row} && cell.cellIndex === {column}
                            && cell.parentNode.querySelectorAll('.cell').length === {columns} }})()"
                ),
                5.0,
            );
        };
        page.eval("document.querySelector('.heat').focus()");
        page.key("ArrowDown");
        page.key("End");
        stands(page, 1, columns);
        page.key("Home");
        stands(page, 1, 1);
        page.key("PageDown");
        page_shown(page, "25 to 48");
        stands(page, 1, 1);
        page.key("ArrowUp");
        page_shown(page, "1 to 24");
        stands(page, 24, 1);
        page.key("ArrowDown");
        page_shown(page, "25 to 48");
        page.key("PageUp");
        page_shown(page, "1 to 24");
        // Before the first there is nothing.
        page.key("PageUp");
        page_shown(page, "1 to 24");
    });
}
