//! The learned policy at work: one episode without exploring, beside another policy with the same customers.

use leptos::prelude::*;

use super::FOCUSABLE;
use super::policy::{describe, legend, pager};
use super::policy_grid::{ends, shade};
use super::verdict_words::player_name;
use crate::i18n::{fill, t};
use crate::store::{Running, Store};
use retailq::chart::scale::column;
use retailq::chart::whole;
use retailq::mdp::{Action, Environment};
use retailq::rollout::{Player, Rollout, Step};

/// Digits of a reward.
const DIGITS: u32 = 4;

/// The episode that is played, and who plays it beside the learner.
#[derive(Clone, Copy)]
pub struct Casting {
    rival: RwSignal<Player>,
    episode: RwSignal<u32>,
}

impl Default for Casting {
    fn default() -> Self {
        Self { rival: RwSignal::new(Player::Optimum), episode: RwSignal::default() }
    }
}

impl Casting {
    /// Another problem has other policies.
    pub fn clear(self) {
        self.rival.set(Player::Optimum);
        self.episode.set(0);
    }

    /// Asks for the episode anew. All actions of a network take as long as a checkup: it is asked only where the run stands.
    pub fn request(self, store: Store) {
        let (rival, episode) = (self.rival.get(), self.episode.get());
        if !store.is_moving() || store.network().is_none() {
            store.request_rollouts(rival, episode);
        }
    }
}

/// Which episode, and beside whom.
pub fn casting(store: Store) -> AnyView {
    let Casting { rival, episode } = store.outlook.casting;
    let number = move || fill(store, "view.rollout.episode", &[("n", &whole(f64::from(episode.get()) + 1.0))]);
    let option = move |player: Player| {
        let name = name(store, player);
        view! { <option value=code(player).to_string() prop:selected=move || rival.get() == player>{name}</option> }
    };
    let options = move || {
        let trade = store.baselines.with(|baselines| baselines.iter().map(|baseline| Player::Baseline(baseline.index)).collect::<Vec<_>>());
        [Player::Optimum].into_iter().chain(trade).chain([Player::Myopic, Player::Random]).map(option).collect::<Vec<_>>()
    };
    let choose = move |event| {
        if let Ok(code) = event_target_value(&event).parse::<i32>() {
            rival.set(player_of(code));
        }
    };
    view! {
        <p class="faint">{t(store, "view.rollout.about")}</p>
        <div class="policy-controls">
            <label class="map-axis">{t(store, "view.rollout.rival")}<select id="rollout-rival" on:change=choose>{options}</select></label>
            {pager(episode, (1, u32::MAX), [t(store, "view.rollout.previous"), t(store, "view.rollout.following")], number)}
        </div>
    }
    .into_any()
}

/// Who plays, as the value of an option.
fn code(player: Player) -> i32 {
    match player {
        Player::Learner => -4,
        Player::Optimum => -3,
        Player::Myopic => -2,
        Player::Random => -1,
        Player::Baseline(index) => index as i32,
    }
}

fn player_of(value: i32) -> Player {
    let named = [Player::Learner, Player::Optimum, Player::Myopic, Player::Random];
    named.into_iter().find(|player| code(*player) == value).unwrap_or(Player::Baseline(value as u32))
}

fn name(store: Store, player: Player) -> String {
    store.baselines.with(|baselines| {
        let measured = baselines.iter().find(|baseline| Player::Baseline(baseline.index) == player);
        player_name(store, player, measured.map(|baseline| &baseline.name))
    })
}

/// Both episodes: what they come to, their actions as two strips, and every step.
pub fn rollouts(store: Store, running: &Running) -> Option<AnyView> {
    let both = store.questions.rollouts.get()?;
    let environment = running.environment.as_ref();
    let language = store.language.get();
    let names = both.each_ref().map(|rollout| name(store, rollout.player));
    let findings: Vec<_> = both.iter().zip(&names).filter_map(|(rollout, name)| finding(store, environment, rollout, name)).collect();
    let strips: Vec<_> = both.iter().zip(&names).map(|(rollout, name)| strip(environment, rollout, name)).collect();
    let heads: Vec<_> = names
        .iter()
        .map(|name| view! { <th scope="col">{name.clone()}</th><th scope="col">{t(store, "view.rollout.reward")}</th> })
        .collect();
    let sum = |rollout: &Rollout| rollout.steps.iter().map(|step| step.reward).sum::<f64>();
    let rewards: Vec<f64> = both.iter().flat_map(|rollout| rollout.steps.iter().map(|step| step.reward)).collect();
    // Each to the same place, and rewards exactly enough to come to about their sum.
    let (rewards, sums) = (column(&rewards, DIGITS), column(&both.each_ref().map(sum), DIGITS));
    let (own, other) = rewards.split_at(both[0].steps.len());
    let rewards = [own, other];
    let rows: Vec<_> = (0..both[0].steps.len().max(both[1].steps.len()))
        .map(|index| {
            let at = |player: usize| both[player].steps.get(index).copied();
            let cells = [0, 1].map(|player| cells(store, running, at(player), rewards[player].get(index), at(0)));
            let state = at(0).map(|step| describe(running, step.state, language));
            view! { <tr><th scope="row"><span class="faint">{(index + 1).to_string()}</span>" "{state}</th>{cells.into_iter().collect::<Vec<_>>()}</tr> }
        })
        .collect();
    let sums: Vec<_> = sums.iter().map(|sum| view! { <td></td><td>{sum.clone()}</td> }).collect();
    let told = whole(both[0].steps.len().max(both[1].steps.len()) as f64);
    let view = view! {
        {findings}
        <div class="strips" aria-hidden="true">{strips}</div>
        <div class="scroll tall" prop:tabIndex=FOCUSABLE role="region" aria-label=t(store, "view.policy.episode")>
            <table class="numbers policy-map rollout">
                <thead><tr><td>{t(store, "view.rollout.step")}</td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{fill(store, "view.rollout.sum", &[("n", &told)])}</th>{sums}</tr></tfoot>
            </table>
        </div>
        <p class="legend">{legend(store, "actions", ends(environment, language))}</p>
    };
    Some(view.into_any())
}

/// What a policy comes to do for ever, or that the episode ends.
fn finding(store: Store, environment: &dyn Environment, rollout: &Rollout, name: &str) -> Option<AnyView> {
    if rollout.ended {
        let steps = whole(rollout.steps.len() as f64);
        let text = fill(store, "view.rollout.ended", &[("name", name), ("n", &steps)]);
        return Some(view! { <p>{text}</p> }.into_any());
    }
    let cycle = rollout.cycle?;
    let name_of = |step: &Step| environment.action_text(Action(step.action), store.language.get());
    let actions: Vec<String> = rollout.cycled().iter().map(name_of).collect();
    let is_one = actions.iter().all(|action| *action == actions[0]);
    let actions = if is_one { actions[0].clone() } else { actions.join(" → ") };
    let step = whole(f64::from(cycle.first) + 1.0);
    let values = [("name", name), ("step", step.as_str()), ("actions", actions.as_str())];
    let text = if is_one { fill(store, "view.rollout.always", &values) } else { fill(store, "view.rollout.cycle", &values) };
    Some(view! { <p>{text}</p> }.into_any())
}

/// The actions of an episode as a strip of colours.
fn strip(environment: &dyn Environment, rollout: &Rollout, name: &str) -> AnyView {
    let fields: Vec<_> = rollout
        .steps
        .iter()
        .map(|step| view! { <span class="cell" style:background=shade(environment, Action(step.action))></span> })
        .collect();
    view! { <span>{name.to_owned()}</span><span class="strip">{fields}</span> }.into_any()
}

/// What a policy does in a step, with the state where it is not the learner's, and what it earns.
fn cells(store: Store, running: &Running, step: Option<Step>, reward: Option<&String>, learner: Option<Step>) -> AnyView {
    let Some(step) = step else { return view! { <td></td><td></td> }.into_any() };
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let name = |action: u32| environment.action_text(Action(action), language);
    let elsewhere = learner.is_none_or(|learner| learner.state != step.state);
    let state = elsewhere.then(|| view! { <span class="elsewhere">{describe(running, step.state, language)}</span> });
    let differs = step.better.is_some();
    let better = step.better.map(|better| view! { <span class="optimal-key">" ◇ "{name(better)}</span> });
    view! {
        <td class="cell" class:instead=differs style:background=shade(environment, Action(step.action))>{name(step.action)}{better}{state}</td>
        <td>{reward.cloned()}</td>
    }
    .into_any()
}
