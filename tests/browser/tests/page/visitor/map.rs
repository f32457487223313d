//! The map of the policy over any two factors of the state.

use retailq::mdp::State;
use retailq::share::from_link;

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
                "{fields} === {} && document.querySelector('.policy-map caption').innerText.startsWith('Down: shown 3 ago')",
                counts[2] * counts[1]
            ),
            5.0,
        );
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
        page.wait_for("document.querySelector('.policy-map caption').innerText.includes('Across: shown 3 ago')", 5.0);
        assert_eq!(page.accessibility_faults(), Vec::<String>::new());
    });
}
