//! The network drawn: inputs on the left, actions on the right, the strongest weights between the units shown.
//!
//! The drawing stretches with the page while names stay readable: units are strokes of fixed width, names are text beside them.

use leptos::prelude::*;

use crate::i18n::{fill, t};
use crate::store::{Running, Store};
use crate::view::moment::amount;
use crate::view::observation::observation;
use retailq::agent::dqn::{Connection, Input, Layer, Portrait};
use retailq::chart::whole;
use retailq::mdp::{Action, Environment, State};
use retailq::words::Language;

/// Height of a row of names, in pixels.
const ROW: usize = 23;
/// Side of the drawing, in its own units.
const SIDE: f64 = 1000.0;

/// The network as it looks at the present state.
pub fn drawing(store: Store, running: &Running, portrait: &Portrait) -> AnyView {
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let state = environment.describe(State(portrait.state), language);
    let rows = portrait.layers.iter().map(|layer| layer.shown.len()).max().unwrap_or(0).max(4);
    let height = format!("{}px", rows * ROW);
    let connections: Vec<_> = portrait
        .connections
        .iter()
        .filter_map(|connection| line(&portrait.layers, connection, strongest(&portrait.connections, connection.layer)))
        .collect();
    let units: Vec<_> = (0..portrait.layers.len()).map(|layer| column(&portrait.layers, layer)).collect();
    view! {
        <h3>{fill(store, "view.network.at", &[("state", &state)])}</h3>
        {portrait.observation.as_ref().map(|seen| observation(store, seen))}
        <div class="network-drawing">
            <ul class="network-inputs" style:height=height.clone()>{inputs(store, environment, portrait, language)}</ul>
            <svg viewBox=format!("0 0 {SIDE} {SIDE}") preserveAspectRatio="none" style:height=height.clone() role="img"
                aria-label=summary(store, environment, portrait, &state)>{connections}{units}</svg>
            <ul class="network-values" style:height=height>{values(store, environment, portrait, language)}</ul>
            <p class="network-widths">{widths(store, portrait)}</p>
        </div>
        <p class="legend">
            <svg class="network-key" viewBox="0 0 24 8" aria-hidden="true"><path class="raises" d="M0 4h24"/></svg>
            {t(store, "view.network.raises")}
            <svg class="network-key" viewBox="0 0 24 8" aria-hidden="true"><path class="lowers" d="M0 4h24"/></svg>
            {t(store, "view.network.lowers")}
        </p>
    }
    .into_any()
}

/// The largest of the weights that leave a layer.
fn strongest(connections: &[Connection], layer: u32) -> f32 {
    connections.iter().filter(|connection| connection.layer == layer).map(|connection| connection.weight.abs()).fold(0.0, f32::max)
}

/// Where a unit stands.
fn place(layers: &[Layer], layer: usize, unit: usize) -> Option<(f64, f64)> {
    let count = layers.get(layer)?.shown.len();
    let across = layer as f64 / (layers.len() - 1).max(1) as f64;
    (unit < count).then(|| (SIDE * across, SIDE * (unit as f64 + 0.5) / count as f64))
}

fn line(layers: &[Layer], connection: &Connection, most: f32) -> Option<AnyView> {
    let (layer, from, to) = (connection.layer as usize, connection.from as usize, connection.to as usize);
    let ((x1, y1), (x2, y2)) = (place(layers, layer, from)?, place(layers, layer + 1, to)?);
    // Nothing flows from a unit that is silent.
    let flows = layers[layer].activations.get(from).is_some_and(|activation| *activation != 0.0);
    let width = 0.5 + 2.5 * f64::from(connection.weight.abs() / most.max(f32::MIN_POSITIVE));
    let class = if connection.weight < 0.0 { "lowers" } else { "raises" };
    let path = format!("M{x1:.0} {y1:.0}L{x2:.0} {y2:.0}");
    Some(view! { <path class=class class:silent=!flows d=path stroke-width=format!("{width:.1}")></path> }.into_any())
}

/// The units of a layer, darker the more they put out.
fn column(layers: &[Layer], layer: usize) -> AnyView {
    let Layer { activations, .. } = &layers[layer];
    let is_output = layer + 1 == layers.len();
    // Outputs count from the least of them: their zero means nothing.
    let least = if is_output { activations.iter().copied().fold(f32::INFINITY, f32::min) } else { 0.0 };
    let most = activations.iter().map(|activation| (activation - least).abs()).fold(0.0, f32::max).max(f32::MIN_POSITIVE);
    let unit = |(index, activation): (usize, &f32)| {
        let (x, y) = place(layers, layer, index)?;
        let path = format!("M{x:.0} {y:.0}h.01");
        let share = 100.0 * ((activation - least).abs() / most).min(1.0);
        let paint = format!("color-mix(in srgb, var(--learner) {share:.0}%, var(--surface))");
        Some(view! { <path class="unit" d=path.clone()></path><path class="unit-core" d=path style:stroke=paint></path> })
    };
    let units: Vec<_> = activations.iter().enumerate().filter_map(unit).collect();
    view! { {units} }.into_any()
}

fn inputs(store: Store, environment: &dyn Environment, portrait: &Portrait, language: Language) -> Vec<AnyView> {
    let (factors, levels) = (environment.factors(), environment.levels(State(portrait.state)));
    let activations = portrait.layers.first().map(|layer| layer.activations.clone()).unwrap_or_default();
    let name = |input: &Input| match *input {
        Input::Factor(factor) => {
            let (level, factor) = (levels.get(factor as usize)?, factors.get(factor as usize)?);
            Some([factor.name.get(language), " ", &factor.levels.label(*level, language)].concat())
        }
        Input::Level { factor, level } => {
            let factor = factors.get(factor as usize)?;
            Some([factor.name.get(language), " = ", &factor.levels.label(level, language)].concat())
        }
        Input::Pixel { column, row } => {
            let place = [(column + 1).to_string(), (row + 1).to_string()];
            Some(fill(store, "view.network.pixel", &[("column", &place[0]), ("row", &place[1])]))
        }
        Input::Letters(hash) => Some(fill(store, "view.network.letters", &[("n", &hash.to_string())])),
    };
    let row = |(input, activation): (&Input, f32)| {
        let text = name(input).unwrap_or_default();
        view! { <li class:silent=activation == 0.0 title=text.clone()><span class="name">{text.clone()}</span></li> }.into_any()
    };
    portrait.inputs.iter().zip(activations).map(row).collect()
}

fn values(store: Store, environment: &dyn Environment, portrait: &Portrait, language: Language) -> Vec<AnyView> {
    let row = |&(action, value): &(u32, f64)| {
        let best = portrait.best == Some(action);
        let name = environment.action_text(Action(action), language);
        let mark = best.then(|| view! { <span class="hidden">{t(store, "view.network.best")}</span> });
        view! { <li class:best=best title=name.clone()><span class="name">{name.clone()}</span><b>{amount(value)}</b>{mark}</li> }
            .into_any()
    };
    portrait.values.iter().filter(|(action, _)| *action < environment.action_count()).map(row).collect()
}

/// How wide each layer is, and how much of it is shown.
fn widths(store: Store, portrait: &Portrait) -> Vec<AnyView> {
    let last = portrait.layers.len().saturating_sub(1);
    let text = |(index, layer): (usize, &Layer)| {
        let (count, shown) = (whole(f64::from(layer.width)), layer.shown.len());
        let values = [("n", count.as_str())];
        let text = match index {
            0 => fill(store, "view.network.inputs", &values),
            index if index == last => fill(store, "view.network.actions", &values),
            _ => fill(store, "view.network.units", &values),
        };
        let part = shown < layer.width as usize;
        let text = if part { fill(store, "view.network.part", &[("layer", &text), ("shown", &shown.to_string())]) } else { text };
        view! { <span>{text}</span> }.into_any()
    };
    portrait.layers.iter().enumerate().map(text).collect()
}

/// The drawing in a sentence.
fn summary(store: Store, environment: &dyn Environment, portrait: &Portrait, state: &str) -> String {
    let language = store.language.get();
    let layers = portrait.layers.iter().map(|layer| whole(f64::from(layer.width))).collect::<Vec<_>>().join(" – ");
    let best = portrait.values.iter().find(|(action, _)| portrait.best == Some(*action));
    let (best, value) =
        best.map_or_else(Default::default, |(action, value)| (environment.action_text(Action(*action), language), amount(*value)));
    fill(store, "view.network.summary", &[("layers", &layers), ("state", state), ("best", &best), ("value", &value)])
}
