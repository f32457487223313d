//! What an experiment is compared with: its preset, as the chosen learner takes it.

use crate::invalid::Invalid;
use crate::parameter::Value;
use crate::schedule::Schedule;
use crate::text::exact_number;

use super::{Experiment, WEIGHT, for_learner};

impl Experiment {
    /// The textual form of a value or of a weight.
    pub fn text(&self, key: &str) -> Option<String> {
        match key.strip_prefix(WEIGHT) {
            Some(part) => Some(exact_number(self.weight(part))),
            None => self.value(key).map(Value::to_text),
        }
    }

    /// What [`text`](Self::text) is where the visitor has not changed it.
    pub fn standard_text(&self, key: &str) -> Option<String> {
        self.base().ok()?.text(key)
    }

    /// The preset as the chosen algorithm takes it, but with its own algorithm; gamma follows the discount, which is no change of its own.
    fn base(&self) -> Result<Self, Vec<Invalid>> {
        let own = Self::from_preset(self.scenario, self.preset)?;
        let mut base = own.standard(self.learner.choice("algorithm").unwrap_or_default())?;
        let algorithm = own.learner.get("algorithm").cloned();
        let follow = algorithm.and_then(|algorithm| base.learner.set("algorithm", algorithm));
        follow.and_then(|()| base.let_gamma_follow(self.learner.get("discount")?)).map_err(|error| vec![error])?;
        Ok(base)
    }

    /// What differs from the preset, as keys and texts: values in declaration order, then weights by name.
    pub fn changes(&self) -> Vec<(String, String)> {
        let Ok(base) = self.base() else { return Vec::new() };
        let values = self.problem.iter().chain(self.learner.iter());
        let standard = base.problem.iter().chain(base.learner.iter());
        let changed = values.zip(standard).filter(|((_, value), (_, standard))| value != standard);
        let parts = self.weights.iter().chain(base.weights.iter().filter(|(part, _)| !self.weights.iter().any(|(name, _)| name == part)));
        let weights = parts.map(|(part, _)| (part, self.weight(part))).filter(|(part, own)| *own != base.weight(part));
        changed
            .map(|((key, value), _)| (key.to_owned(), value.to_text()))
            .chain(weights.map(|(part, weight)| (format!("{WEIGHT}{part}"), exact_number(weight))))
            .collect()
    }

    /// The preset as another learner takes it: with the learner's own schedules in place of the preset's.
    fn standard(&self, key: &str) -> Result<Self, Vec<Invalid>> {
        let mut experiment = Self::from_preset(self.scenario, self.preset)?;
        let changed = experiment.learner.choice("algorithm").is_ok_and(|own| own != key);
        if changed {
            experiment.apply(&for_learner(self.preset, key))?;
        }
        Ok(experiment)
    }

    /// While the learner's gamma equals the discount it goes on doing so.
    pub(super) fn let_gamma_follow(&mut self, discount: &Value) -> Result<(), Invalid> {
        let tied = self.learner.schedule("gamma")? == Schedule::Constant(self.learner.number("discount")?);
        match discount {
            Value::Number(discount) if tied => self.learner.set("gamma", Value::Schedule(Schedule::Constant(*discount))),
            _ => Ok(()),
        }
    }

    /// What the visitor has not changed becomes what the new algorithm's standard is.
    pub(super) fn let_schedules_follow(&mut self, algorithm: &str) -> Result<(), Invalid> {
        let current = self.learner.choice("algorithm")?;
        if current == algorithm {
            return Ok(());
        }
        let first_fault = |mut errors: Vec<Invalid>| errors.swap_remove(0);
        let (before, after) = (self.standard(current).map_err(first_fault)?, self.standard(algorithm).map_err(first_fault)?);
        let untouched: Vec<_> = self.learner.iter().filter(|(key, value)| before.learner.get(key).is_ok_and(|it| it == *value)).collect();
        let untouched: Vec<&str> = untouched.into_iter().map(|(key, _)| key).filter(|key| *key != "algorithm").collect();
        for key in untouched {
            self.learner.set(key, after.learner.get(key)?.clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Raw;
    use crate::config::tests::changed;

    #[test]
    fn gamma_follows_the_discount_until_it_is_set() {
        let follows = changed(&[("discount", ".9")]).unwrap();
        assert_eq!(follows.settings().unwrap().gamma, Schedule::Constant(0.9));
        assert_eq!(follows.changes(), [("discount".to_owned(), ".9".to_owned())]);
        let own = changed(&[("gamma", "0"), ("discount", ".9")]).unwrap();
        assert_eq!(own.settings().unwrap().gamma, Schedule::Constant(0.0));
    }

    #[test]
    fn the_standard_of_a_field_is_what_leaves_no_change() {
        for algorithm in ["sarsa", "dqn"] {
            let experiment = changed(&[("algorithm", algorithm), ("discount", ".9"), ("seed", "5"), ("w.holding", "2")]).unwrap();
            let mut reset = experiment.clone();
            for (key, text) in experiment.changes() {
                let standard = experiment.standard_text(&key).unwrap();
                assert_ne!(standard, text, "{key}");
                if key != "algorithm" {
                    reset.set(&key, &Raw::Text(standard)).unwrap();
                }
            }
            assert_eq!(reset.changes(), [("algorithm".to_owned(), algorithm.to_owned())]);
            // What follows the algorithm is its standard: the preset's own learning rate, by visits, is none for a network.
            assert_eq!(experiment.standard_text("alpha"), experiment.text("alpha"));
            assert!(reset.settings().is_ok());
        }
    }

    #[test]
    fn an_experiment_has_one_link_in_whatever_order_its_weights_were_set() {
        let [one, other] = [["w.holding", "w.fixed"], ["w.fixed", "w.holding"]].map(|keys| changed(&keys.map(|key| (key, "2"))).unwrap());
        assert_eq!(one.changes(), other.changes());
        let mut again = one.clone();
        again.set("w.holding", &Raw::Text("1".to_owned())).unwrap();
        again.set("w.holding", &Raw::Text("2".to_owned())).unwrap();
        assert_eq!(again.changes(), one.changes());
    }

    #[test]
    fn schedules_follow_the_algorithm_until_they_are_set() {
        let schedules = |experiment: &Experiment| (experiment.settings().unwrap().alpha, experiment.settings().unwrap().epsilon);
        let table = changed(&[]).unwrap();
        let mut network = changed(&[("epsilon", ".3"), ("algorithm", "dqn")]).unwrap();
        assert_eq!(network.changes(), [("algorithm".to_owned(), "dqn".to_owned()), ("epsilon".to_owned(), ".3".to_owned())]);
        assert!(schedules(&network).0.at(0) < 0.1);
        network.set("algorithm", &Raw::Text("sarsa".to_owned())).unwrap();
        assert_eq!(schedules(&network), (schedules(&table).0, Schedule::Constant(0.3)));
        assert!(changed(&[("algorithm", "dqn"), ("alpha", "visits:.7")]).unwrap().compile().is_err_and(|error| error.key == "alpha"));
    }
}
