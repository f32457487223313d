//! The dialogue as a Markov decision process on hint counts.

use crate::environment::shared::field::{always, rule};
use crate::environment::shared::phrases::Topic;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, Sensor, State};
use crate::words::{Language, Words};

use super::conversation::Conversation;

/// What a customer may want.
#[derive(Clone)]
pub(super) struct Intent {
    pub(super) name: Words,
    pub(super) share: f64,
    /// Probability that an answer points to the first intent.
    pub(super) first_hint: f64,
}

/// A dialogue with all its numbers chosen.
#[derive(Clone)]
pub(super) struct Dialogue {
    pub(super) intents: [Intent; 2],
    pub(super) ask: f64,
    /// Reward by intent served, then by intent wanted.
    pub(super) route: [[f64; 2]; 2],
    /// Reward of a handover, where there is a human.
    pub(super) human: Option<f64>,
    pub(super) most: u32,
}

const ASK: Action = Action(0);
const SERVE: [Action; 2] = [Action(1), Action(2)];
const HUMAN: Action = Action(3);

/// Hints for the first and for the second intent, at most `most` together. States run over the second count first.
pub(super) fn hints(most: u32, state: State) -> [u32; 2] {
    let (mut first, mut rest) = (0, state.0);
    while rest > most - first {
        rest -= most - first + 1;
        first += 1;
    }
    [first, rest]
}

impl Dialogue {
    fn hints(&self, state: State) -> [u32; 2] {
        hints(self.most, state)
    }

    fn state(&self, [first, second]: [u32; 2]) -> State {
        // Rows 0, 1, … hold most + 1, most, … states.
        State(first * (self.most + 1) - first * first.saturating_sub(1) / 2 + second)
    }

    /// Probability of the first intent after some hints; the prior where they contradict each other for certain.
    fn belief(&self, [first, second]: [u32; 2]) -> f64 {
        let [a, b] = [&self.intents[0], &self.intents[1]];
        let (mut wants_first, mut wants_second) = (a.share, b.share);
        for hint in 0..first + second {
            let likelihood = |p: f64| if hint < first { p } else { 1.0 - p };
            wants_first *= likelihood(a.first_hint);
            wants_second *= likelihood(b.first_hint);
            let total = wants_first + wants_second;
            if total <= 0.0 {
                return a.share;
            }
            (wants_first, wants_second) = (wants_first / total, wants_second / total);
        }
        wants_first
    }

    fn belief_in(&self, state: State) -> [f64; 2] {
        let first = self.belief(self.hints(state));
        [first, 1.0 - first]
    }

    fn can_ask(&self, state: State) -> bool {
        self.hints(state).iter().sum::<u32>() < self.most
    }

    /// The intent that is best served now; the first if both are as good.
    fn best_service(&self, state: State) -> Action {
        let belief = self.belief_in(state);
        let expected = |route: &[f64; 2]| route[0] * belief[0] + route[1] * belief[1];
        SERVE[usize::from(expected(&self.route[1]) > expected(&self.route[0]))]
    }

    fn ask_while(&self, label: Words, go_on: impl Fn(&Self, State) -> bool + Send + 'static) -> Rule {
        let dialogue = self.clone();
        let choose = move |state| match dialogue.can_ask(state) && go_on(&dialogue, state) {
            true => ASK,
            false => dialogue.best_service(state),
        };
        rule(label, choose)
    }

    fn intent(&self, index: usize, language: Language) -> &str {
        self.intents[index].name.get(language)
    }

    /// The likelier intent in words: `79 % refund`. Hints that may mislead leave no certainty.
    fn guess(&self, state: State, language: Language) -> String {
        let belief = self.belief_in(state);
        let likelier = usize::from(belief[1] > belief[0]);
        let percent = libm::round(100.0 * belief[likelier]);
        let (percent, over) = if percent < 100.0 { (percent, Words::NONE) } else { (99.0, words!("over ", "超过 ")) };
        let over = over.get(language);
        let intent = self.intent(likelier, language);
        match language {
            Language::English => format!("{over}{percent} % {intent}"),
            Language::Chinese => format!("{over}{percent} % 是“{intent}”"),
        }
    }
}

impl Environment for Dialogue {
    fn factors(&self) -> Vec<Factor> {
        let factor = |(key, intent): (&'static str, &Intent)| {
            let (en, zh) = (intent.name.get(Language::English), intent.name.get(Language::Chinese));
            let name = Words::owned(format!("hints for {en}"), format!("指向“{zh}”的提示"));
            Factor { key, name, unit: Words::NONE, levels: Levels::Integers { min: 0, max: self.most as i32 } }
        };
        ["first", "second"].into_iter().zip(&self.intents).map(factor).collect()
    }

    fn state_count(&self) -> u32 {
        (self.most + 1) * (self.most + 2) / 2
    }

    fn levels(&self, state: State) -> Vec<u32> {
        self.hints(state).to_vec()
    }

    fn action_count(&self) -> u32 {
        HUMAN.0 + u32::from(self.human.is_some())
    }

    fn action_name(&self, action: Action) -> Words {
        let serve = |intent: &Intent| {
            let (en, zh) = (intent.name.get(Language::English), intent.name.get(Language::Chinese));
            Words::owned(format!("act on ‘{en}’"), format!("按“{zh}”处理"))
        };
        match action {
            ASK => words!("ask back", "追问"),
            HUMAN => words!("hand over to a human", "转人工"),
            Action(number) => serve(&self.intents[(number == SERVE[1].0) as usize]),
        }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if self.can_ask(state) {
            actions.push(ASK);
        }
        actions.extend(SERVE);
        if self.human.is_some() {
            actions.push(HUMAN);
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (hints, belief) = (self.hints(state), self.belief_in(state));
        let next_customer = self.state([0, 0]);
        match action {
            ASK => {
                let first = belief[0] * self.intents[0].first_hint + belief[1] * self.intents[1].first_hint;
                let [a, b] = hints;
                let outcome = |probability, hints| Outcome::new(probability, self.state(hints), [self.ask, 0.0, 0.0, 0.0]);
                outcomes.extend([outcome(first, [a + 1, b]), outcome(1.0 - first, [a, b + 1])]);
            }
            HUMAN => outcomes.push(Outcome::new(1.0, next_customer, [0.0, 0.0, 0.0, self.human.unwrap_or(0.0)])),
            Action(number) => {
                let served = (number == SERVE[1].0) as usize;
                outcomes.extend([0, 1].map(|wanted| {
                    let reward = self.route[served][wanted];
                    let parts = if served == wanted { [0.0, reward, 0.0, 0.0] } else { [0.0, 0.0, reward, 0.0] };
                    Outcome::new(belief[wanted], next_customer, parts)
                }));
            }
        }
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "questions", name: words!("questions", "追问") },
            RewardPart { key: "right", name: words!("right service", "处理正确") },
            RewardPart { key: "wrong", name: words!("wrong service", "处理错误") },
            RewardPart { key: "human", name: words!("handover", "转人工") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.state([0, 0]), 1.0)]
    }

    fn baselines(&self) -> Vec<Baseline> {
        let serve = |action: Action| always(self.action_name(action), action);
        let ask_exactly = |count: u32| {
            let go_on = move |dialogue: &Self, state| dialogue.hints(state).iter().sum::<u32>() < count;
            let label = match count {
                1 => words!("1 question", "追问 1 次"),
                _ => phrase!("{count} questions", "追问 {count} 次"),
            };
            self.ask_while(label, go_on)
        };
        let ask_until = |percent: u32| {
            let go_on = move |dialogue: &Self, state| {
                let belief = dialogue.belief_in(state);
                belief[0].max(belief[1]) < f64::from(percent) / 100.0
            };
            self.ask_while(phrase!("{percent} % sure", "把握达到 {percent} %"), go_on)
        };
        let thresholds = [55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99];
        let mut baselines = vec![
            Baseline { key: "never_ask", name: words!("never ask", "从不追问"), rules: SERVE.map(serve).into() },
            Baseline {
                key: "ask_exactly",
                name: words!("always ask the same number of times", "固定追问次数"),
                rules: (1..=self.most.min(10)).map(ask_exactly).collect(),
            },
            Baseline {
                key: "ask_until", name: words!("ask until sure enough", "追问到足够确定"), rules: thresholds.map(ask_until).into()
            },
        ];
        if self.human.is_some() {
            baselines.push(Baseline {
                key: "always_human",
                name: words!("always a human", "全部转人工"),
                rules: vec![always(Words::NONE, HUMAN)],
            });
        }
        baselines
    }

    /// The customer's own words, where those for both intents are known.
    fn sensor(&self) -> Option<Box<dyn Sensor>> {
        let [first, second] = [0, 1].map(|intent: usize| Topic::of(&self.intents[intent].name));
        Some(Box::new(Conversation { topics: [first?, second?], most: self.most }))
    }

    fn describe(&self, state: State, language: Language) -> String {
        let [first, second] = self.hints(state);
        let guess = self.guess(state, language);
        let (a, b) = (self.intent(0, language), self.intent(1, language));
        match (first + second, language) {
            (0, Language::English) => format!("new customer, nothing asked yet: {guess}"),
            (0, Language::Chinese) => format!("新顾客，尚未追问：{guess}"),
            (_, Language::English) => format!("{first} × ‘{a}’, {second} × ‘{b}’ heard: {guess}"),
            (_, Language::Chinese) => format!("听到“{a}” {first} 次、“{b}” {second} 次：{guess}"),
        }
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let what = self.intent(outcome.min(1) as usize, language);
        match (action, language) {
            (ASK, _) => {
                let mut hints = self.hints(state);
                hints[outcome.min(1) as usize] += 1;
                let guess = self.guess(self.state(hints), language);
                match language {
                    Language::English => format!("the answer sounded like ‘{what}’: now {guess}"),
                    Language::Chinese => format!("回答听起来像“{what}”：现在 {guess}"),
                }
            }
            (HUMAN, Language::English) => "a human solves it; next customer".to_owned(),
            (HUMAN, Language::Chinese) => "人工解决；下一位顾客".to_owned(),
            (serve, _) => {
                let right = serve == SERVE[outcome.min(1) as usize];
                match (right, language) {
                    (true, Language::English) => format!("right: ‘{what}’ it was; next customer"),
                    (false, Language::English) => format!("wrong: the customer wanted ‘{what}’; next customer"),
                    (true, Language::Chinese) => format!("正确：顾客要的就是“{what}”；下一位顾客"),
                    (false, Language::Chinese) => format!("错误：顾客想要的是“{what}”；下一位顾客"),
                }
            }
        }
    }
}
