//! The second region: how the problem is learned.

use leptos::prelude::*;

use super::form::{Field, FieldView};
use super::i18n::t;
use super::store::Store;
use crate::config::learner_parameters;

/// Editors of the learner.
#[component]
pub fn LearnerRegion() -> impl IntoView {
    let store = Store::get();
    let fields = learner_parameters().into_iter().map(Field::from).map(|field| view! { <FieldView field/> }).collect_view();
    view! {
        <section class="card learner" aria-labelledby="learner-title">
            <h2 id="learner-title">{move || t(store, "learner.title")}</h2>
            <p class="summary formula">"Q(s,a) ← Q(s,a) + α [ r + γ max Q(s′,·) − Q(s,a) ]"</p>
            {fields}
        </section>
    }
    .into_any()
}
