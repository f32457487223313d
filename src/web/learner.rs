//! The second region: how the problem is learned.

use leptos::prelude::*;

use super::form::{Field, FieldView};
use super::i18n::t;
use super::store::Store;
use retailq::agent::algorithm;
use retailq::agent::dqn::options::next_term;
use retailq::agent::parameters::applies;
use retailq::config::learner_parameters;

/// Editors of the learner.
#[component]
pub fn LearnerRegion() -> impl IntoView {
    let store = Store::get();
    let chosen = Memo::new(move |_| {
        let key = store.draft.with(|draft| draft.as_ref().and_then(|draft| draft.learner.choice("algorithm").ok().map(str::to_owned)));
        key.unwrap_or_default()
    });
    let rule = move || {
        let algorithm = algorithm(&chosen.get())?;
        let own = algorithm.terms[1];
        let switched = store.draft.with(|draft| draft.as_ref().filter(|_| !algorithm.is_table()).map(|draft| next_term(&draft.learner)));
        Some(algorithm.rule.replace(own, switched.unwrap_or(own)))
    };
    let fields = learner_parameters().into_iter().map(|parameter| {
        let key = parameter.key;
        let field = Field::from(parameter);
        view! { <div hidden=move || !applies(key, &chosen.get())><FieldView field/></div> }.into_any()
    });
    let fields = fields.collect_view();
    view! {
        <section class="card learner" aria-labelledby="learner-title">
            <h2 id="learner-title">{move || t(store, "learner.title")}</h2>
            <p class="summary formula">{rule}</p>
            {fields}
        </section>
    }
    .into_any()
}
