//! Pictures of the run: charts, the step just taken, the scene, the policy and the yardsticks.

pub mod calm;
pub mod canvas;
pub mod charts;
pub mod compare;
pub mod compare_form;
pub mod download;
pub mod foresight;
pub mod moment;
mod network;
mod observation;
pub mod policy;
pub mod policy_axes;
pub mod policy_grid;
pub mod policy_heat;
pub mod policy_rollout;
pub mod scene;
pub mod story;
pub mod seeds;
pub mod study_progress;
pub mod summary;
pub mod sweep;
pub mod sweep_grid;
pub mod update;
pub mod verdict;
pub mod verdict_plot;
pub mod verdict_words;
pub mod wrong;
pub mod yardstick;

pub use charts::{Charts, MainChart, main_chart};
pub use compare::{CompareTab, compared};
pub use foresight::Foresight;
pub use moment::Moment;
pub use network::Network;
pub use policy::{Outlook, PolicyMap};
pub use scene::Scene;
pub use story::StoryDialog;
pub use summary::Summary;
pub use sweep::SweepTab;
pub use verdict::{Verdicts, tested};
pub use yardstick::{Yardsticks, in_short, looks_optimal, not_measured, verdict_now};

use leptos::prelude::*;

use retailq::chart::Role;

/// The place of a region that keys scroll, for `prop:tabIndex`. As an attribute it would be taken off and put on again whenever the region
/// follows the run, and the focus would go with it.
const FOCUSABLE: i32 = 0;

/// A region of the page with its title.
fn card(name: &'static str, title: impl Fn() -> &'static str + Send + 'static, content: AnyView) -> AnyView {
    let id = format!("{name}-title");
    let heading = id.clone();
    view! {
        <section class=format!("card {name}") aria-labelledby=id>
            <h2 id=heading>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// The CSS variable of a colour; the values are those of [`retailq::chart::Palette`].
pub fn color(role: Role) -> &'static str {
    const PARTS: [&str; 6] = ["var(--part-0)", "var(--part-1)", "var(--part-2)", "var(--part-3)", "var(--part-4)", "var(--part-5)"];
    match role {
        Role::Learner => "var(--learner)",
        Role::Explore => "var(--explore)",
        Role::Optimum => "var(--optimum)",
        Role::Baseline => "var(--baseline)",
        Role::Random => "var(--faint)",
        Role::Beside => "var(--ink)",
        Role::Alpha => "var(--alpha)",
        Role::Gamma => "var(--gamma)",
        Role::Part(index) => PARTS[index % PARTS.len()],
    }
}
