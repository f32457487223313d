//! How exactly the numbers of an update are written.

use super::scale::{grouped, magnitude, whole};
use crate::protocol::Moment;

/// With the fewest digits, or a few more where the lines then come out as they stand on the page; a line that does not is no equation,
/// and its sign says so.
#[derive(Clone, Copy)]
pub struct Digits {
    /// Decimals of rewards and values.
    decimals: i32,
    /// Whether target, error and new value come out.
    exact: [bool; 3],
}

impl Digits {
    /// For an update that is written in so many lines: target, error and, where a table is learned, new value.
    pub fn of(moment: &Moment, lines: usize) -> Self {
        /// Decimals that may be needed to see a change, and those spent on an equation.
        const MOST: i32 = 8;
        const MORE: i32 = 2;
        let numbers = [moment.reward, moment.next_value, moment.target, moment.before, moment.error, moment.after];
        let sizes = || numbers.into_iter().filter(|number| number.abs() > 1e-9).map(magnitude);
        let (largest, smallest) = (sizes().max().unwrap_or(0), sizes().min().unwrap_or(0));
        let change = moment.after - moment.before;
        let visible = if change.abs() > 1e-9 { -magnitude(change) } else { 0 };
        let least = (3 - largest).max(1 - smallest).max(visible).clamp(0, MOST);
        let with = |more| Self { decimals: least + more, exact: [true; 3] }.checked(moment);
        (0..=MORE).map(with).find(|digits| digits.exact[..lines].iter().all(|exact| *exact)).unwrap_or(with(0))
    }

    fn checked(self, moment: &Moment) -> Self {
        let [reward, next, target, before, error] =
            [moment.reward, moment.next_value, moment.target, moment.before, moment.error].map(|value| round(value, self.decimals));
        let gamma = round(moment.gamma, self.places(moment.next_value));
        let alpha = round(moment.alpha, self.places(moment.error));
        let follows = if moment.terminated { 0.0 } else { gamma * next };
        let lines = [(reward + follows, moment.target), (target - before, moment.error), (before + alpha * error, moment.after)];
        let exact = lines.map(|(sum, printed)| round(sum, self.decimals) == round(printed, self.decimals));
        Self { exact, ..self }
    }

    /// What stands before the result of a line: the target's, the error's or the new value's.
    pub fn equals(self, line: usize) -> &'static str {
        if self.exact[line] { "=" } else { "≈" }
    }

    /// A reward or value.
    pub fn number(self, value: f64) -> String {
        if value.fract() == 0.0 { whole(value) } else { grouped(value, self.decimals as usize) }
    }

    /// The same as it stands after a sign: negative ones in brackets.
    pub fn operand(self, value: f64) -> String {
        let text = self.number(value);
        if value < 0.0 { format!("({text})") } else { text }
    }

    /// A rate, as exactly as it matters to what it is a part of, without needless zeros.
    pub fn rate(self, rate: f64, of: f64) -> String {
        let text = grouped(rate, self.places(of) as usize);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    }

    /// What the next state was taken to be worth, where its best value and the mean over its actions were mixed by the exploration rate.
    pub fn mixture(self, moment: &Moment, [best, mean]: [f64; 2]) -> String {
        let [greedy, exploring] = [1.0 - moment.epsilon, moment.epsilon].map(|rate| self.rate(rate, moment.next_value));
        let [rate, best_shown, mean_shown] =
            [round(moment.epsilon, self.places(moment.next_value)), round(best, self.decimals), round(mean, self.decimals)];
        let sum = round((1.0 - rate) * best_shown + rate * mean_shown, self.decimals);
        let equals = if sum == round(moment.next_value, self.decimals) { "=" } else { "≈" };
        let [best, mean] = [best, mean].map(|value| self.operand(value));
        format!("{greedy} · {best} + {exploring} · {mean} {equals} {}", self.number(moment.next_value))
    }

    fn places(self, of: f64) -> i32 {
        (self.decimals + magnitude(of) + 2).clamp(2, 12)
    }
}

fn round(value: f64, decimals: i32) -> f64 {
    let scale = libm::exp10(f64::from(decimals));
    libm::round(value * scale) / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Command, Event, Goal, Seen};
    use crate::session::Session;

    fn read(text: &str) -> f64 {
        text.replace('−', "-").replace(',', "").trim_matches(['(', ')']).parse().unwrap()
    }

    #[test]
    fn whoever_reckons_along_comes_to_what_is_printed() {
        for link in ["1&p=puterman&seed=4", "1&p=warlop", "1&p=gvr_clearance", "1&p=reference_price&gamma=lin:.1:.99:300"] {
            let mut session = Session::default();
            session.handle(&Command::Load { link: link.to_owned() });
            let (mut written, mut exact) = (0, 0);
            for steps in (1..1500).step_by(7) {
                let advance = Command::Advance { goal: Goal::Steps(f64::from(steps)), budget: 100, seen: Seen::default() };
                let Event::Advanced(progress) = session.handle(&advance).event else { panic!() };
                let moment = progress.moment.unwrap();
                let digits = Digits::of(&moment, 3);
                let number = |value: f64| read(&digits.number(value));
                let rates = [(moment.gamma, moment.next_value), (moment.alpha, moment.error)];
                let [gamma, alpha] = rates.map(|(rate, of)| read(&digits.rate(rate, of)));
                let follows = if moment.terminated { 0.0 } else { gamma * number(moment.next_value) };
                let unit = 10_f64.powi(-digits.decimals);
                let lines = [
                    (number(moment.reward) + follows, number(moment.target)),
                    (number(moment.target) - number(moment.before), number(moment.error)),
                    (number(moment.before) + alpha * number(moment.error), number(moment.after)),
                ];
                for (line, (sum, printed)) in lines.into_iter().enumerate() {
                    let (off, is_exact) = ((sum - printed).abs() / unit, digits.equals(line) == "=");
                    // Halves are rounded either way.
                    assert!(if is_exact { off < 0.5 + 1e-6 } else { off > 0.5 - 1e-6 }, "{link} {steps}: {sum} {printed}");
                    exact += u32::from(is_exact);
                }
                written += 1;
            }
            // Most lines come out.
            assert!(exact > 8 * written / 3, "{link}: {exact} lines of {written} updates");
        }
    }

    #[test]
    fn the_mixture_comes_to_what_stands_in_the_target() {
        let mut session = Session::default();
        session.handle(&Command::Load { link: "1&p=puterman&algorithm=expected_sarsa&epsilon=.3".to_owned() });
        let mut exact = 0;
        for steps in 1..100 {
            let advance = Command::Advance { goal: Goal::Steps(f64::from(steps)), budget: 100, seen: Seen::default() };
            let Event::Advanced(progress) = session.handle(&advance).event else { panic!() };
            let moment = progress.moment.unwrap();
            let digits = Digits::of(&moment, 3);
            let [best, mean] = moment.mixed.unwrap();
            assert!((0.7 * best + 0.3 * mean - moment.next_value).abs() < 1e-9);
            let written = digits.mixture(&moment, [best, mean]);
            assert!(written.starts_with("0.7 · ") && written.ends_with(&digits.number(moment.next_value)), "{written}");
            exact += u32::from(written.contains(" = "));
        }
        assert!(exact > 50, "{exact}");
    }
}
