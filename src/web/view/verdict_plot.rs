//! A dot with its interval for each policy, all on one scale, with the exact expected value beside what was simulated.

use leptos::prelude::*;

use super::color;
use super::moment::signed;
use super::verdict_words::player_name;
use crate::i18n::{clauses, fill, t};
use crate::store::Store;
use retailq::chart::{Role, Scale, figure};
use retailq::order::sort;
use retailq::rollout::Player;
use retailq::sample::Estimate;
use retailq::verdict::{Report, Standing};

/// A row of the picture.
struct Dot {
    name: String,
    role: Role,
    estimate: Estimate,
    exact: Option<f64>,
    value: String,
    /// Whether the axis is made for it, however far away others lie.
    central: bool,
}

impl Dot {
    fn extent(&self) -> (f64, f64) {
        let (low, high) = self.estimate.interval();
        (self.exact.map_or(low, |exact| exact.min(low)), self.exact.map_or(high, |exact| exact.max(high)))
    }
}

fn role(player: Player) -> Role {
    match player {
        Player::Learner => Role::Learner,
        Player::Optimum => Role::Optimum,
        Player::Random => Role::Random,
        Player::Baseline(_) | Player::Myopic => Role::Baseline,
    }
}

fn dots(store: Store, report: &Report, differences: bool) -> Vec<Dot> {
    let learner = report.of(Player::Learner).and_then(|learner| learner.exact);
    let rival = report.rival().map(|rival| rival.player);
    let dot = |standing: &Standing| {
        let (estimate, exact) = match differences {
            true => (standing.ahead, standing.exact.zip(learner).map(|(own, learner)| own - learner)),
            false => (standing.earned, standing.exact),
        };
        let mean = if differences { signed(estimate.mean) } else { figure(estimate.mean, 4) };
        let certain = differences && standing.player == Player::Learner;
        Dot {
            name: player_name(store, standing.player, standing.name.as_ref()),
            role: role(standing.player),
            value: match (certain, estimate.is_certain()) {
                (true, _) => "0".to_owned(),
                (_, true) => mean,
                _ => [&mean, " ± ", &figure(estimate.half, 2)].concat(),
            },
            estimate,
            exact,
            central: matches!(standing.player, Player::Learner | Player::Optimum) || Some(standing.player) == rival,
        }
    };
    let mut dots: Vec<Dot> = report.standings.iter().map(dot).collect();
    sort(&mut dots, |a, b| b.estimate.mean.total_cmp(&a.estimate.mean));
    dots
}

/// The axis: wide enough for learner, optimum and the best of the trade, and for whoever does not lie so far away that these would be one.
fn axis(dots: &[Dot]) -> Scale {
    const FAR: f64 = 4.0;
    let join = |(low, high): (f64, f64), (a, b): (f64, f64)| (low.min(a), high.max(b));
    let none = (f64::INFINITY, f64::NEG_INFINITY);
    let centre = dots.iter().filter(|dot| dot.central).map(Dot::extent).fold(none, join);
    let span = centre.1 - centre.0;
    let near = |extent: &(f64, f64)| span <= 0.0 || (extent.0 > centre.0 - FAR * span && extent.1 < centre.1 + FAR * span);
    let (low, high) = dots.iter().map(Dot::extent).filter(near).fold(centre, join);
    let margin = if high > low { 0.06 * (high - low) } else { 0.5 * low.abs().max(1.0) };
    Scale { low: low - margin, high: high + margin, log: false }
}

/// The picture; a screen reader hears it as one sentence and finds the numbers in the table.
pub fn plot(store: Store, report: &Report, differences: bool) -> AnyView {
    let dots = dots(store, report, differences);
    let scale = axis(&dots);
    let ticks = scale.ticks(4);
    let labels: Vec<_> = ticks
        .iter()
        .zip(scale.labels(&ticks))
        .map(|(tick, label)| view! { <span class="dot-label" style:left=percent(scale.place(*tick))>{label}</span> })
        .collect();
    let heard: Vec<String> = dots.iter().map(|dot| [&dot.name, " ", &dot.value].concat()).collect();
    let title = if differences { t(store, "view.verdict.differences") } else { t(store, "view.verdict.returns") };
    let label = fill(store, "view.verdict.heard", &[("title", title), ("values", &clauses(store.language.get(), &heard))]);
    let known: Vec<&Dot> = dots.iter().filter(|dot| dot.exact.is_some()).collect();
    let within = known
        .iter()
        .filter(|dot| dot.exact.is_some_and(|exact| (exact - dot.estimate.mean).abs() <= dot.estimate.half + 1e-6 * (1.0 + exact.abs())));
    let agree = fill(store, "view.verdict.agree", &[("n", &within.count().to_string()), ("of", &known.len().to_string())]);
    let rows: Vec<_> = dots.iter().map(|dot| row(dot, &scale, &ticks)).collect();
    view! {
        <div class="dots" role="img" aria-label=label>
            {rows}
            <div class="dot-row dot-axis"><span class="dot-name"></span><span class="dot-plot">{labels}</span><span></span></div>
        </div>
        <p class="legend">
            <span class="key">"●─"</span>" "{t(store, "view.verdict.simulated")}" "<span class="key exact-key">"┃"</span>" "{t(store, "view.verdict.exact_mark")}
        </p>
        <p class="faint">{agree}" "{(!differences).then(|| t(store, "view.verdict.shared_luck"))}</p>
    }
    .into_any()
}

fn percent(place: f64) -> String {
    format!("{:.2}%", 100.0 * place.clamp(0.0, 1.0))
}

fn row(dot: &Dot, scale: &Scale, ticks: &[f64]) -> AnyView {
    let (low, high) = dot.estimate.interval();
    let (left, right) = (scale.place(low).clamp(0.0, 1.0), scale.place(high).clamp(0.0, 1.0));
    let at = scale.place(dot.estimate.mean);
    let inside = (0.0..=1.0).contains(&at);
    let paint = color(dot.role);
    let marks = inside.then(|| {
        let exact = dot.exact.map(|exact| view! { <span class="exact" style:left=percent(scale.place(exact))></span> });
        view! {
            {exact}
            <span class="whisker" style:left=percent(left) style:width=percent(right - left) style:background=paint></span>
            <span class="dot" style:left=percent(at) style:background=paint></span>
        }
    });
    // Too far away for the axis: an arrow says on which side.
    let away = (!inside).then(|| {
        let (arrow, class) = if at < 0.0 { ("◂", "away") } else { ("▸", "away right") };
        view! { <span class=class style:color=paint>{arrow}</span> }
    });
    let grid: Vec<_> = ticks.iter().map(|tick| view! { <span class="tick" style:left=percent(scale.place(*tick))></span> }).collect();
    view! {
        <div class="dot-row" class:learner=dot.role == Role::Learner>
            <span class="dot-name"><span class="swatch" style:background=paint></span>{dot.name.clone()}</span>
            <span class="dot-plot">{grid}{marks}{away}</span>
            <span class="dot-value">{dot.value.clone()}</span>
        </div>
    }
    .into_any()
}

/// All numbers of the test.
pub fn numbers(store: Store, report: &Report) -> AnyView {
    let row = |standing: &Standing| {
        let (low, high) = standing.ahead.interval();
        let certain = standing.player == Player::Learner;
        let exact = standing.exact.map_or_else(|| "–".to_owned(), |exact| figure(exact, 5));
        let (ahead, interval) = match certain {
            true => ("–".to_owned(), "–".to_owned()),
            false => (signed(standing.ahead.mean), [&signed(low), " … ", &signed(high)].concat()),
        };
        view! {
            <tr class:learner=certain>
                <th scope="row">{player_name(store, standing.player, standing.name.as_ref())}</th>
                <td>{figure(standing.earned.mean, 5)}</td>
                <td>{figure(standing.earned.error, 2)}</td>
                <td>{exact}</td>
                <td>{ahead}</td>
                <td>{interval}</td>
            </tr>
        }
    };
    let rows: Vec<_> = report.standings.iter().map(row).collect();
    view! {
        <table class="numbers yardstick judged">
            <thead><tr>
                <th scope="col">{t(store, "view.yardstick.policy")}</th>
                <th scope="col">{t(store, "view.verdict.mean")}</th>
                <th scope="col">{t(store, "view.verdict.error")}</th>
                <th scope="col">{t(store, "view.verdict.exact")}</th>
                <th scope="col">{t(store, "view.verdict.ahead")}</th>
                <th scope="col">{t(store, "view.verdict.interval")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
