//! Raw observations: pictures of the shelf and customers' words, and networks that learn from nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use retailq::config::Setup;
use retailq::environment::{SCENARIOS, Scenario, scenario};
use retailq::evaluate::Yardstick;
use retailq::mdp::{Environment, Glimpse, Medium, Observation, State};
use retailq::planner::{Policy, evaluate};
use retailq::protocol::{Command, Event, Goal, Progress, Seen};
use retailq::random::{Purpose, Stream};
use retailq::session::Session;
use retailq::share::from_link;
use retailq::trainer::{Limit, Trainer};
use retailq::words::Language;

fn setup(link: &str) -> Setup {
    from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap()
}

fn trainer(link: &str) -> Trainer {
    let setup = Rc::new(setup(link));
    let yardstick = Rc::new(Yardstick::new(&setup));
    Trainer::new(setup, yardstick).unwrap()
}

/// The lines of a conversation as they were said.
fn said(environment: &dyn Environment, state: State, glimpse: Glimpse) -> (Language, Vec<String>) {
    match environment.sensor().unwrap().observe(state, glimpse) {
        Observation::Text { language, lines } => (language, lines.iter().map(|line| line.get(language).to_owned()).collect()),
        pixels => panic!("{pixels:?}"),
    }
}

/// A state of the dialogue by its hints.
fn dialogue_state(environment: &dyn Environment, hints: [u32; 2]) -> State {
    (0..environment.state_count()).map(State).find(|state| environment.levels(*state) == hints).unwrap()
}

#[test]
fn a_conversation_goes_on_line_by_line_and_the_next_customer_speaks_anew() {
    let service = scenario("clarify").unwrap().instance(&[]).unwrap();
    let sensor = service.sensor().unwrap();
    assert_eq!(sensor.medium(), Medium::Text);
    let mut chance = Stream::new(1, Purpose::Observation);
    let mut languages = [0, 0];
    for _ in 0..200 {
        let mut state = dialogue_state(service.as_ref(), [0, 0]);
        let mut glimpse = sensor.glimpse(None, state, chance.bits());
        let (language, mut lines) = said(service.as_ref(), state, glimpse);
        languages[usize::from(language == Language::Chinese)] += 1;
        assert_eq!(lines.len(), 1);
        let mut hints = [0, 0];
        for _ in 0..20 {
            hints[(chance.bits() & 1) as usize] += 1;
            let next = dialogue_state(service.as_ref(), hints);
            glimpse = sensor.glimpse(Some((state, glimpse)), next, chance.bits());
            let (same, longer) = said(service.as_ref(), next, glimpse);
            assert_eq!((same, &longer[..longer.len() - 1]), (language, &lines[..]));
            (state, lines) = (next, longer);
        }
        let start = dialogue_state(service.as_ref(), [0, 0]);
        assert_ne!(sensor.glimpse(Some((state, glimpse)), start, chance.bits()), glimpse);
    }
    assert!(languages[0] > 60 && languages[1] > 60, "{languages:?}");
}

#[test]
fn a_desk_hears_the_question_and_each_answer_that_failed() {
    let desk = scenario("troubleshoot").unwrap().instance(&[]).unwrap();
    let sensor = desk.sensor().unwrap();
    let glimpse = sensor.glimpse(None, State(0), 12345);
    let (_, first) = said(desk.as_ref(), State(0), glimpse);
    let (_, later) = said(desk.as_ref(), State(0b101), sensor.glimpse(Some((State(0), glimpse)), State(0b101), 999));
    assert_eq!((first.len(), later.len(), &later[0]), (1, 3, &first[0]));
    let solved = State(desk.state_count() - 1);
    assert_eq!(said(desk.as_ref(), solved, glimpse).1.len(), 1);
    assert!(scenario("troubleshoot").unwrap().instance(&[("types", "leaks:1,8"), ("solve", ".1,.1,.1,.1")]).unwrap().sensor().is_none());
}

#[test]
fn every_state_of_every_problem_that_can_be_seen_can_be_seen_again() {
    let mut chance = Stream::new(1, Purpose::Observation);
    let mut seen = 0;
    let instances =
        |scenario: &'static Scenario| [vec![], vec![("lead", "1")]].into_iter().filter_map(|changes| scenario.instance(&changes).ok());
    for environment in SCENARIOS.iter().flat_map(|scenario| instances(scenario)) {
        let Some(sensor) = environment.sensor() else { continue };
        for state in (0..environment.state_count()).map(State) {
            let glimpse = sensor.glimpse(None, state, chance.bits());
            let observation = sensor.observe(state, glimpse);
            assert_eq!(environment.sensor().unwrap().observe(state, glimpse), observation);
            match (observation, sensor.medium()) {
                (Observation::Pixels { width, height, grey }, Medium::Pixels { width: w, height: h }) => {
                    assert_eq!((width, height, grey.len() as u32), (w, h, w * h));
                }
                (Observation::Text { lines, .. }, Medium::Text) => assert!(!lines.is_empty()),
                (observation, medium) => panic!("{observation:?} is not {medium:?}"),
            }
            seen += 1;
        }
    }
    assert!(seen > 250, "{seen}");
}

#[test]
fn seeing_badly_does_not_change_the_customers() {
    // Whatever it sees, a learner that chooses at random meets the same demand.
    let steps = Limit { steps: 3000, episode: u32::MAX };
    let (mut told, mut sees) = (trainer("1&p=shelf_pixels&encoding=one_hot&epsilon=1"), trainer("1&p=shelf_pixels&epsilon=1"));
    told.advance(steps);
    sees.advance(steps);
    assert_eq!(told.last().map(|step| (step.state, step.transition)), sees.last().map(|step| (step.state, step.transition)));
    assert_ne!(told.fingerprint(), sees.fingerprint());
}

#[test]
fn the_worth_of_a_mixture_is_that_of_its_actions() {
    let setup = setup("1&p=puterman&discount=.9");
    let model = &setup.model;
    let pairs = model.states() as usize * model.stride();
    let uniform = (0..pairs).map(|pair| {
        let (state, slot) = (State((pair / model.stride()) as u32), (pair % model.stride()) as u32);
        if slot < model.slots(state) { 1.0 / f64::from(model.slots(state)) } else { 0.0 }
    });
    let (mixed, random) = (Policy::Mixed(uniform.collect()), Policy::Uniform);
    let values = |policy| evaluate(model, policy, 0.9, 1e-10);
    for (a, b) in values(&mixed).iter().zip(values(&random)) {
        assert!((a - b).abs() < 1e-8);
    }
    let mut certain = vec![0.0; pairs];
    for (state, slot) in [3, 0, 0, 0].into_iter().enumerate() {
        certain[state * model.stride() + slot] = 1.0;
    }
    let certain = Policy::Mixed(certain);
    assert!((values(&certain)[0] - 17.531_809_61).abs() < 1e-7);
    assert_eq!(certain.chances(model, State(0)).collect::<Vec<_>>(), [(3, 1.0)]);
}

fn advance(session: &mut Session, goal: Goal) -> Progress {
    let reply = session.handle(&Command::Advance { goal, budget: 100_000, seen: Seen::default() });
    let Event::Advanced(progress) = reply.event else { panic!("{reply:?}") };
    *progress
}

#[test]
fn the_page_is_shown_what_the_network_saw_and_sees_it_again_when_going_back() {
    for preset in ["shelf_pixels", "clarify_words"] {
        let mut session = Session::default();
        let reply = session.handle(&Command::Load { link: format!("1&p={preset}&warmup=50") });
        assert!(matches!(reply.event, Event::Loaded(_)), "{reply:?}");
        let there = advance(&mut session, Goal::Steps(130.0));
        assert!(there.moment.as_ref().unwrap().observation.is_some());
        advance(&mut session, Goal::Steps(300.0));
        assert_eq!(advance(&mut session, Goal::Steps(130.0)), there);
    }
}

#[test]
fn where_nothing_can_be_seen_the_encoding_is_refused_by_name() {
    for link in ["1&p=puterman&algorithm=dqn&encoding=pixels", "1&p=tiger&algorithm=dqn&encoding=text", "1&p=shelf_pixels&lead=2"] {
        let reply = Session::default().handle(&Command::Load { link: link.to_owned() });
        let Event::Refused(errors) = reply.event else { panic!("{link}: {reply:?}") };
        assert_eq!(errors[0].key, "encoding", "{link}");
    }
}

#[test]
fn the_more_looks_a_measurement_takes_the_rarer_it_is() {
    let cost = |link: &str| trainer(link).agent().checkup_cost(&setup(link).model);
    // What is shown by the presets is measured as often as a network that is told the state.
    for link in ["1&p=shelf_pixels", "1&p=clarify_words", "1&p=clarify&algorithm=dqn"] {
        assert_eq!(cost(link), 200, "{link}");
    }
    // 1891 states looked at 32 times: as much work as 1700 batches, or 15,000 lessons without a memory.
    let (batches, singles) = (cost("1&p=clarify_words&hints=60"), cost("1&p=clarify_words&hints=60&replay=0"));
    assert!((3000..4000).contains(&batches) && (25_000..40_000).contains(&singles), "{batches} {singles}");
    assert_eq!(cost("1&p=clarify_words&hints=60&hidden=8"), batches);
}
