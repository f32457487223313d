//! Which two factors of the state span the map of the policy, and at which levels the others stand; a state of one factor has a line.

use leptos::prelude::*;

use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::mdp::{Environment, State};

/// Most fields of a map.
const MOST_FIELDS: u32 = 1600;
/// Most states among which those of the map are looked for.
const MOST_STATES: u32 = 200_000;

/// A plane through the states, or a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Factor from top to bottom.
    pub down: usize,
    /// Factor from left to right; of a line the same.
    pub across: usize,
    /// Level of every factor; those of the two axes do not count.
    fixed: Vec<u32>,
}

/// Factors that can span a map.
fn candidates(environment: &dyn Environment) -> Vec<usize> {
    let factors = environment.factors();
    (0..factors.len()).filter(|index| (2..=MOST_FIELDS / 2).contains(&factors[*index].levels.count())).collect()
}

/// Where an episode most likely begins; the first of several such states.
pub fn start(environment: &dyn Environment) -> Option<State> {
    environment.start().into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(state, _)| state)
}

impl Axes {
    /// The first two factors that can span a map, the longer one down, where there is more room; the others as at the start. The only
    /// factor spans it alone.
    pub fn first(environment: &dyn Environment) -> Option<Self> {
        if environment.state_count() > MOST_STATES {
            return None;
        }
        let candidates = candidates(environment);
        let counts: Vec<u32> = environment.factors().iter().map(|factor| factor.levels.count()).collect();
        let mut pairs =
            candidates.iter().enumerate().flat_map(|(place, down)| candidates[place..].iter().map(move |across| (*down, *across)));
        let fits = |(down, across): &(usize, usize)| {
            if down == across { counts.len() == 1 } else { counts[*down] * counts[*across] <= MOST_FIELDS }
        };
        let (down, across) = pairs.find(fits)?;
        let (down, across) = if counts[across] > counts[down] { (across, down) } else { (down, across) };
        Some(Self { down, across, fixed: environment.levels(start(environment)?) })
    }

    /// Whether one factor spans it alone.
    pub fn is_line(&self) -> bool {
        self.down == self.across
    }

    /// States of the map.
    pub fn states(&self, environment: &dyn Environment) -> Vec<u32> {
        let on_plane = |state: &u32| {
            let levels = environment.levels(State(*state));
            levels.iter().zip(&self.fixed).enumerate().all(|(factor, (level, fixed))| self.is_axis(factor) || level == fixed)
        };
        (0..environment.state_count()).filter(on_plane).collect()
    }

    fn is_axis(&self, factor: usize) -> bool {
        factor == self.down || factor == self.across
    }
}

/// List boxes for the axes, where there is a choice, and for the levels of the other factors.
pub fn pickers(store: Store, axes: RwSignal<Option<Axes>>) -> Option<AnyView> {
    let running = store.experiment.get()?;
    let language = store.language.get();
    let (factors, candidates) = (running.environment.factors(), candidates(running.environment.as_ref()));
    if factors.len() < 3 {
        return None;
    }
    let counts: Vec<u32> = factors.iter().map(|factor| factor.levels.count()).collect();
    let names: Vec<String> = factors.iter().map(|factor| factor.name.get(language).to_owned()).collect();
    let axis = |label: String, id: &'static str, is_down: bool| {
        let (counts, names) = (counts.clone(), names.clone());
        let option = |factor: usize| {
            let (counts, name) = (counts.clone(), names[factor].clone());
            let chosen =
                move || axes.with(|axes| axes.as_ref().is_some_and(|axes| factor == if is_down { axes.down } else { axes.across }));
            // A map of two long factors has no room.
            let unfit = move || {
                let other = axes.with(|axes| axes.as_ref().map_or(0, |axes| if is_down { axes.across } else { axes.down }));
                factor != other && counts.get(other).is_some_and(|count| counts[factor] * count > MOST_FIELDS)
            };
            view! { <option value=factor.to_string() prop:selected=chosen disabled=unfit>{name}</option> }
        };
        let options: Vec<_> = candidates.iter().copied().map(option).collect();
        let choose = move |event| {
            let Ok(factor) = event_target_value(&event).parse::<usize>() else { return };
            axes.update(|axes| {
                let Some(axes) = axes else { return };
                let (own, other) = if is_down { (&mut axes.down, &mut axes.across) } else { (&mut axes.across, &mut axes.down) };
                // Choosing the other axis' factor exchanges the two.
                if *other == factor {
                    *other = *own;
                }
                *own = factor;
            });
        };
        view! { <label class="map-axis">{label}<select id=id on:change=choose>{options}</select></label> }.into_any()
    };
    let level = |factor: usize| {
        let (levels, name, key) = (factors[factor].levels.clone(), names[factor].clone(), factors[factor].key);
        let fixed = move || axes.with(|axes| axes.as_ref().and_then(|axes| axes.fixed.get(factor).copied()));
        let option = |level: u32| {
            let label = levels.label(level, language);
            view! { <option value=level.to_string() prop:selected=move || fixed() == Some(level)>{label}</option> }
        };
        let options: Vec<_> = (0..levels.count()).map(option).collect();
        let choose = move |event| {
            if let Ok(level) = event_target_value(&event).parse::<u32>() {
                axes.update(|axes| {
                    if let Some(own) = axes.as_mut().and_then(|axes| axes.fixed.get_mut(factor)) {
                        *own = level
                    }
                });
            }
        };
        let hidden = move || axes.with(|axes| axes.as_ref().is_none_or(|axes| axes.is_axis(factor)));
        let label = fill(store, "view.policy.fixed", &[("factor", &name)]);
        view! { <label class="map-axis" hidden=hidden>{label}<select id=["map-", key].concat() on:change=choose>{options}</select></label> }
            .into_any()
    };
    let (down, across) = (
        axis(t(store, "view.policy.down").to_owned(), "map-down", true),
        axis(t(store, "view.policy.across").to_owned(), "map-across", false),
    );
    let levels: Vec<_> = (0..factors.len()).filter(|factor| counts[*factor] > 1).map(level).collect();
    Some(view! { <div class="axes" role="group" aria-label=t(store, "view.policy.map")>{down}{across}{levels}</div> }.into_any())
}
