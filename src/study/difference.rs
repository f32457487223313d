//! In what two experiments differ, in words.

use std::sync::Arc;

use crate::agent::dqn::saved::Saved;
use crate::config::{Experiment, WEIGHT, applies};
use crate::parameter::{Kind, Parameter, Value};
use crate::text::{plain_number, shortened};
use crate::words::Words;

/// A setting that two experiments have different values of.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its name in links.
    pub key: String,
    /// Its name on the page.
    pub name: Words,
    /// Its value on either side.
    pub values: [Words; 2],
}

impl Difference {
    /// The setting with its value on one side, as short as it can be said: `γ = 0.95`, `SARSA`.
    pub fn label(&self, side: usize) -> Words {
        let value = self.values[side].clone();
        if ["algorithm", "preset"].contains(&self.key.as_str()) {
            return value;
        }
        Words::concat(&[&short_name(&self.key, &self.name), &words!(" = "), &value])
    }
}

/// A setting by its symbol, where everybody knows it by that.
pub fn short_name(key: &str, name: &Words) -> Words {
    match key {
        "alpha" => Words::same("α"),
        "gamma" => Words::same("γ"),
        "epsilon" => Words::same("ε"),
        _ => name.clone(),
    }
}

/// Every difference but the seed's, the problem's first. Of different scenarios it names the problem, then how they are learned.
pub fn differences(sides: [&Experiment; 2]) -> Vec<Difference> {
    let [a, b] = sides;
    let mut found = Vec::new();
    let same_scenario = a.scenario.key == b.scenario.key;
    if !same_scenario {
        let values = sides.map(|side| side.preset.name.clone());
        found.push(Difference { key: "preset".to_owned(), name: words!("Problem", "问题"), values });
    }
    let used = |key: &str| sides.iter().any(|side| side.learner.choice("algorithm").is_ok_and(|algorithm| applies(key, algorithm)));
    for parameter in a.parameters() {
        let Parameter { key, name, kind, .. } = parameter;
        let is_learned = a.learner.get(key).is_ok();
        if key == "seed" || (is_learned && !used(key)) || !(is_learned || same_scenario) {
            continue;
        }
        if let (Some(first), Some(second)) = (a.value(key), b.value(key))
            && first != second
        {
            found.push(Difference { key: key.to_owned(), name, values: [in_words(&kind, first), in_words(&kind, second)] });
        }
    }
    if same_scenario {
        found.extend(weights(a, b));
    }
    let networks = sides.map(|side| &side.network);
    if networks[0] != networks[1] {
        let name = |network: &Option<Arc<Saved>>| match network {
            Some(saved) => phrase!("saved ({})", "已保存的（{}）", saved.mark()),
            None => words!("new", "新的"),
        };
        found.push(Difference { key: "network".to_owned(), name: words!("Network", "网络"), values: networks.map(name) });
    }
    found
}

fn weights(a: &Experiment, b: &Experiment) -> Vec<Difference> {
    let Ok(environment) = a.build() else { return Vec::new() };
    let parts = environment.reward_parts().into_iter();
    let differing = parts.filter(|part| a.weight(part.key) != b.weight(part.key));
    let difference = differing.map(|part| Difference {
        key: [WEIGHT, part.key].concat(),
        name: Words::concat(&[&words!("weight of ", "权重： "), &part.name]),
        values: [a, b].map(|side| Words::same(plain_number(side.weight(part.key)))),
    });
    difference.collect()
}

/// A value as a visitor reads it.
pub fn in_words(kind: &Kind, value: &Value) -> Words {
    match (kind, value) {
        (Kind::Choice(options), Value::Choice(choice)) => {
            options.iter().find(|(key, _)| key == choice).map_or_else(|| Words::same(choice), |(_, name)| name.clone())
        }
        (_, Value::Schedule(schedule)) => schedule.in_words(),
        (_, Value::Number(number)) => Words::same(plain_number(*number)),
        // Long tables are named by their beginning.
        _ => Words::same(shortened(&value.to_text(), 48)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;
    use crate::words::Language::{Chinese, English};

    fn named(a: &str, b: &str) -> Vec<String> {
        let [a, b] = [a, b].map(|link| from_link(link).unwrap().experiment);
        let found = differences([&a, &b]);
        found.iter().map(|found| format!("{}: {} | {}", found.key, found.label(0).get(English), found.label(1).get(English))).collect()
    }

    #[test]
    fn differences_are_named_and_the_seed_is_none() {
        assert_eq!(named("1&p=puterman&seed=3", "1&p=puterman"), Vec::<String>::new());
        assert_eq!(named("1&p=puterman", "1&p=puterman&gamma=0"), ["gamma: γ = 0.95 | γ = 0"]);
        assert_eq!(named("1&p=puterman", "1&p=puterman&algorithm=sarsa"), ["algorithm: Q-learning | SARSA"]);
        let both = named("1&p=puterman&capacity=5", "1&p=puterman&w.holding=2&epsilon=lin:1:.05:9");
        assert_eq!(both.iter().map(|text| text.split(':').next().unwrap()).collect::<Vec<_>>(), ["capacity", "epsilon", "w.holding"]);
        assert!(both[1].contains("ε = 1 → 0.05"), "{both:?}");
        let apart = named("1&p=puterman", "1&p=warlop&gamma=0");
        assert_eq!(named("1&p=puterman", "1&p=puterman&episodes=12000"), ["episodes: Episodes = 2,000 | Episodes = 12,000"]);
        assert!(apart[0].starts_with("preset: ") && apart.iter().any(|text| text.starts_with("gamma: ")), "{apart:?}");
    }

    #[test]
    fn options_of_another_learner_are_no_difference() {
        assert_eq!(named("1&p=puterman", "1&p=puterman&hidden=8"), Vec::<String>::new());
    }

    #[test]
    fn both_languages_name_the_value() {
        let [a, b] = ["1&p=puterman", "1&p=puterman&w.holding=2"].map(|link| from_link(link).unwrap().experiment);
        let found = differences([&a, &b]);
        assert_ne!(found[0].name.get(English), found[0].name.get(Chinese));
    }
}
