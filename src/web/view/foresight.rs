//! What planning ahead buys: the same problem planned with smaller discounts, each plan measured by the discount of the objective.

use leptos::prelude::*;

use super::{card, color};
use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::chart::{Role, figure, share_text};
use retailq::evaluate::{MOST_FORESEEN, share_of_optimum};
use retailq::protocol::Facts;
use retailq::text::plain_number;

/// Share of the optimum from which a plan counts as optimal.
const OPTIMAL: f64 = 0.999_999;

/// A row a discount, and the discount from which planning finds the optimum.
#[component]
pub fn Foresight() -> impl IntoView {
    let store = Store::get();
    let content = move || {
        let facts = store.facts.get()?;
        if facts.outcomes as usize > MOST_FORESEEN {
            return Some(view! { <p class="faint">{t(store, "view.foresight.large")}</p> }.into_any());
        }
        let points = store.foresight.get();
        (!points.is_empty()).then(|| {
            let sentence = sentence(store, &facts, &points);
            let rows: Vec<_> = points.into_iter().map(|point| row(store, &facts, point)).collect();
            let view = view! {
                <p class="verdict">{sentence}</p>
                <table class="numbers foresight" aria-label=t(store, "view.foresight.title")>
                    <thead><tr>
                        <th scope="col">{t(store, "view.foresight.discount")}</th>
                        <th scope="col">{t(store, "view.yardstick.value")}</th>
                        <th scope="col" colspan="2">{t(store, "view.yardstick.share")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="faint">{t(store, "view.foresight.note")}</p>
            };
            view.into_any()
        })
    };
    card("foresight-card", move || t(store, "view.foresight.title"), content.into_any())
}

fn share((_, value): (f64, f64), facts: &Facts) -> f64 {
    share_of_optimum(value, facts.random, facts.optimum)
}

/// A discount for the eye: that of a yearly rate may have no end of decimals.
fn trimmed(discount: f64) -> String {
    const MOST_LETTERS: usize = 6;
    let exact = plain_number(discount);
    if exact.len() > MOST_LETTERS { figure(discount, 4) } else { exact }
}

/// The smallest of the discounts from which on every plan is optimal.
fn sentence(store: Store, facts: &Facts, points: &[(f64, f64)]) -> String {
    let short = points.iter().rposition(|point| share(*point, facts) < OPTIMAL);
    let first = short.map_or(0, |index| index + 1);
    let (Some((_, myopic)), Some((discount, _))) = (points.first(), points.get(first)) else { return String::new() };
    let (myopic, optimum) = (figure(*myopic, 4), figure(facts.optimum, 4));
    let discount = trimmed(*discount);
    let values = [("myopic", myopic.as_str()), ("optimum", &optimum), ("discount", &discount)];
    if first == 0 { fill(store, "view.foresight.needless", &values) } else { fill(store, "view.foresight.from", &values) }
}

fn row(store: Store, facts: &Facts, point: (f64, f64)) -> AnyView {
    let share = share(point, facts);
    let length = format!("{:.1}%", 100.0 * share.clamp(0.0, 1.0));
    let role = if share >= OPTIMAL { Role::Optimum } else { Role::Gamma };
    let worse = (share < 0.0).then(|| t(store, "view.yardstick.below"));
    view! {
        <tr>
            <th scope="row">{["γ = ", &trimmed(point.0)].concat()}</th>
            <td>{figure(point.1, 4)}</td>
            <td>{share_text(share)}</td>
            <td class="track-cell">
                <span class="track"><span class="bar" style:width=length style:background=color(role)></span></span>{worse}
            </td>
        </tr>
    }
    .into_any()
}
