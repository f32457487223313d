//! The states in which the learner is still wrong, by what each mistake costs.

use leptos::prelude::*;

use super::FOCUSABLE;
use super::policy::uncounted;
use crate::i18n::{fill, sentences, t};
use crate::store::{Running, Store};
use retailq::chart::{figure, share_text, whole};
use retailq::mdp::{Action, State};
use retailq::mistakes::{Mistake, Mistakes};
use retailq::verdict::Report;

/// The bill of the mistakes; nothing until they are counted.
pub fn wrong(store: Store, report: &Report) -> Option<AnyView> {
    let running = store.experiment.get()?;
    let mistakes = report.mistakes.as_ref()?;
    let rows: Vec<_> = mistakes.worst.iter().filter_map(|mistake| row(store, &running, *mistake)).collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <div class="scroll" prop:tabIndex=FOCUSABLE role="region" aria-label=t(store, "view.wrong.title")>
                <table class="numbers wrong">
                    <thead><tr>
                        <th scope="col">{t(store, "view.policy.state")}</th>
                        <th scope="col">{t(store, "view.wrong.taken")}</th>
                        <th scope="col">{t(store, "view.wrong.best")}</th>
                        <th scope="col">{t(store, "view.wrong.loss")}</th>
                        <th scope="col">{t(store, "view.wrong.share")}</th>
                        <th scope="col">{t(store, "view.wrong.cost")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="faint">{t(store, "view.wrong.note")}</p>
        }
    });
    Some(view! { <h3 class="wrong-title">{t(store, "view.wrong.title")}</h3><p>{sentences(store, summary(store, mistakes), uncounted(store))}</p>{table} }.into_any())
}

fn summary(store: Store, mistakes: &Mistakes) -> String {
    let texts = [whole(f64::from(mistakes.wrong)), whole(f64::from(mistakes.unreached)), figure(mistakes.cost, 3)];
    let values = [("n", texts[0].as_str()), ("unreached", &texts[1]), ("cost", &texts[2])];
    match (mistakes.wrong, mistakes.unreached) {
        (0, _) => t(store, "view.policy.optimal").to_owned(),
        (wrong, unreached) if wrong == unreached => fill(store, "view.wrong.none_reached", &values),
        (_, 0) => fill(store, "view.wrong.some", &values),
        _ => fill(store, "view.wrong.some_unreached", &values),
    }
}

fn row(store: Store, running: &Running, mistake: Mistake) -> Option<AnyView> {
    let (environment, language) = (&running.environment, store.language.get());
    if mistake.state >= environment.state_count() {
        return None;
    }
    let name = |action: u32| environment.action_text(Action(action), language);
    let show = move |_| store.reveal((mistake.state, mistake.taken));
    let cost = if mistake.cost > 0.0 { figure(mistake.cost, 3) } else { "0".to_owned() };
    let row = view! {
        <tr>
            <th scope="row"><button class="link" type="button" title=t(store, "view.update.reveal") on:click=show>{environment.describe(State(mistake.state), language)}</button></th>
            <td class="name greedy-key">{name(mistake.taken)}</td>
            <td class="name optimal-key">{name(mistake.best)}</td>
            <td>{figure(mistake.loss, 3)}</td>
            <td>{share_text(mistake.share)}</td>
            <td><b>{cost}</b></td>
        </tr>
    };
    Some(row.into_any())
}
