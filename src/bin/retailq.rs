//! The engine at the command line: reads a share link or an experiment file, answers in JSON.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    mod evaluate;
    mod list;
    mod save;

    use std::io::{BufWriter, Read, Write};
    use std::path::Path;
    use std::process::ExitCode;
    use std::rc::Rc;
    use std::sync::Arc;
    use std::time::Instant;

    use retailq::agent::dqn::{Dqn, saved::Saved};
    use retailq::agent::{Algorithm, algorithm};
    use retailq::config::{Experiment, Position, Setup};
    use retailq::evaluate::Yardstick;
    use retailq::invalid::Invalid;
    use retailq::mdp::{Environment, Factor, Levels, State};
    use retailq::planner::average_reward;
    use retailq::share::{Shared, from_text, to_file, to_link};
    use retailq::study::compare::{Finding, Measure, Row};
    use retailq::study::seeds::reseeded;
    use retailq::study::{self, Comparison};
    use retailq::trainer::{Limit, Trainer};
    use retailq::words::Language::English;
    use serde::ser::{Serialize, SerializeMap, Serializer};
    use serde_json::{Map, Value as Json, json};

    const USAGE: &str = "usage: retailq solve [--compact] LINK|FILE|-
       retailq train [--seeds N] [--save FILE] [--compact] LINK|FILE|-
       retailq evaluate [--episodes N] [--compact] LINK|FILE|-
       retailq compare [--seeds N] [--compact] LINK|FILE|- LINK|FILE|-
       retailq list [--compact] [PRESET|SCENARIO]

  solve      the exact optimum at the start, the whole policy with labels, average reward
  train      runs the learner to the link's position, or to its planned episodes:
             fingerprint, exact value of the greedy policy, gap to the optimum, steps per second
  list       every scenario, or one: its presets, and its parameters with meaning, type, range, columns and default: all that a
             file can set; also its state factors and actions, by which `solve` tells states apart (the first 40 where all are listed)
  evaluate   the verdict: trains like train, then learner, baselines of the trade, random and short-sighted choice and the
             optimum, exactly and simulated on customers that training never saw, with 95 % intervals of the paired differences,
             and the states in which the learner is still wrong, by what that costs
  compare    two experiments over the planned episodes, pair by pair with the same seed: what differs, means at the end,
             paired 95 % intervals, states in which the greedy policies differ

  --seeds N     train, compare: repeat with the seeds S, S+1, ...; train gives the mean gap
  --episodes N  evaluate: episodes that each policy plays (1000)
  --save FILE   train: write the experiment with the trained network (of the last seed), from which a further run begins;
                a file that exists is overwritten
  --compact     JSON on one line

A LINK is the page's address or what follows its #; a FILE is an experiment file (see README); - reads either from standard input.";

    /// Each command with its options.
    const COMMANDS: [(&str, &[&str]); 5] = [
        ("solve", &["--compact"]),
        ("train", &["--seeds", "--save", "--compact"]),
        ("evaluate", &["--episodes", "--compact"]),
        ("compare", &["--seeds", "--compact"]),
        ("list", &["--compact"]),
    ];

    /// Larger problems are not worth the wait for their average reward.
    const MOST_OUTCOMES_FOR_AVERAGE: usize = 10_000_000;

    struct Options {
        command: String,
        input: String,
        /// What it is compared with.
        other: Option<String>,
        seeds: u32,
        episodes: u32,
        save: Option<String>,
        compact: bool,
    }

    pub fn main() -> ExitCode {
        let options = match parse(std::env::args().skip(1)) {
            Ok(options) => options,
            Err(message) => return fail(&json!({ "error": message, "usage": USAGE })),
        };
        match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(errors) => fail(&json!({ "errors": errors.iter().map(describe).collect::<Vec<_>>() })),
        }
    }

    /// Writes a report as it is made: a large policy never stands in memory as a whole.
    fn print(report: &impl Serialize, compact: bool) -> Result<(), Vec<Invalid>> {
        let mut out = BufWriter::new(std::io::stdout().lock());
        let written = if compact { serde_json::to_writer(&mut out, report) } else { serde_json::to_writer_pretty(&mut out, report) };
        let finished = written.map_err(std::io::Error::from).and_then(|()| writeln!(out)).and_then(|()| out.flush());
        finished.map_err(|error| vec![Invalid::new("output", error, retailq::words!("cannot be written", "无法写出"))])
    }

    fn fail(report: &Json) -> ExitCode {
        eprintln!("{report:#}");
        ExitCode::FAILURE
    }

    fn describe(error: &Invalid) -> Json {
        json!({ "field": error.key, "value": error.value, "message": error.message(English) })
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let (mut plain, mut given) = (Vec::new(), Vec::new());
        let (mut seeds, mut episodes, mut save, mut compact) = (1, 1000, None, false);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--seeds" => {
                    let count = arguments.next().and_then(|text| text.parse().ok()).filter(|count| (1..=10_000).contains(count));
                    seeds = count.ok_or("--seeds takes a whole number from 1 to 10000")?;
                }
                "--episodes" => {
                    let count = arguments.next().and_then(|text| text.parse().ok()).filter(|count| (2..=10_000_000).contains(count));
                    episodes = count.ok_or("--episodes takes a whole number from 2 to 10000000")?;
                }
                "--save" => save = Some(arguments.next().ok_or("--save takes the name of a file")?),
                "--compact" => compact = true,
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                _ => {
                    plain.push(argument);
                    continue;
                }
            }
            given.push(argument);
        }
        if plain == ["list"] {
            plain.push(String::new());
        }
        let other = if plain.first().is_some_and(|command| command == "compare") && plain.len() == 3 { plain.pop() } else { None };
        let needed = "a command and one link or file are needed, two to compare";
        let [command, input] = <[String; 2]>::try_from(plain).map_err(|_| needed)?;
        let (_, options) = COMMANDS.iter().find(|(name, _)| *name == command).ok_or(needed)?;
        if (command == "compare") != other.is_some() {
            return Err(needed.to_owned());
        }
        match given.iter().find(|option| !options.contains(&option.as_str())) {
            Some(option) => Err(format!("{option} means nothing to {command}, whose options are {}", options.join(", "))),
            None => Ok(Options { command, input, other, seeds, episodes, save, compact }),
        }
    }

    fn run(options: &Options) -> Result<(), Vec<Invalid>> {
        if options.command == "list" {
            return print(&list::list(&options.input)?, options.compact);
        }
        let shared = from_text(&read(&options.input)?)?;
        if let Some(other) = &options.other {
            return print(&compare(&shared, &from_text(&read(other)?)?, options.seeds)?, options.compact);
        }
        match options.command.as_str() {
            "solve" => solve(&shared, options.compact),
            "evaluate" => print(&evaluate::evaluate(&shared, options.episodes)?, options.compact),
            _ => print(&train(&shared, options)?, options.compact),
        }
    }

    fn read(input: &str) -> Result<String, Vec<Invalid>> {
        let unreadable =
            |error: std::io::Error| vec![Invalid::new("file", format!("{input}: {error}"), retailq::words!("cannot be read", "无法读取"))];
        if input == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
            return Ok(text);
        }
        let is_text = input.contains('#') || input.starts_with("1&") || input.starts_with('{');
        if is_text && !Path::new(input).is_file() {
            return Ok(input.to_owned());
        }
        std::fs::read_to_string(input).map_err(unreadable)
    }

    fn compile(shared: &Shared) -> Result<Setup, Vec<Invalid>> {
        shared.experiment.compile().map_err(|error| vec![error])
    }

    fn head(shared: &Shared, setup: &Setup) -> Map<String, Json> {
        let fields = json!({
            "scenario": shared.experiment.scenario.key,
            "preset": shared.experiment.preset.key,
            "link": format!("#{}", to_link(&shared.experiment, shared.position)),
            "states": setup.model.states(),
            "state_actions": setup.model.pair_count(),
            "outcomes": setup.model.outcome_count(),
            "discount": setup.settings.discount,
        });
        match fields {
            Json::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    fn solve(shared: &Shared, compact: bool) -> Result<(), Vec<Invalid>> {
        let begin = Instant::now();
        let setup = compile(shared)?;
        let compiled = begin.elapsed().as_secs_f64();
        let yardstick = Yardstick::new(&setup);
        let solved = begin.elapsed().as_secs_f64();
        let model = &setup.model;
        let average = (model.outcome_count() <= MOST_OUTCOMES_FOR_AVERAGE).then(|| average_reward(model, None, 1e-10)).flatten();
        let told = Told::new(setup.environment.as_ref());
        let start: Vec<Json> = model.start().iter().map(|(state, p)| json!({ "state": told.state(*state), "probability": p })).collect();
        let mut report = head(shared, &setup);
        report.extend([
            ("value".to_owned(), json!(yardstick.value)),
            ("error_bound".to_owned(), json!(yardstick.optimum.error_bound)),
            ("average_reward".to_owned(), json!(average.map(|average| average.gain))),
            ("myopic".to_owned(), json!(yardstick.myopic)),
            ("random".to_owned(), json!(yardstick.random)),
            ("seconds".to_owned(), json!({ "compile": compiled, "solve": solved - compiled })),
            ("start".to_owned(), json!(start)),
        ]);
        print(&Solved { report, told, setup: &setup, yardstick: &yardstick }, compact)
    }

    /// The answer of `solve`: a report, and the policy state by state.
    struct Solved<'a> {
        report: Map<String, Json>,
        told: Told<'a>,
        setup: &'a Setup,
        yardstick: &'a Yardstick,
    }

    impl Serialize for Solved<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            for (key, value) in &self.report {
                map.serialize_entry(key, value)?;
            }
            map.serialize_entry("policy", &Decisions(self))?;
            map.end()
        }
    }

    /// What to do in each state that does not end the episode.
    struct Decisions<'a>(&'a Solved<'a>);

    impl Serialize for Decisions<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let model = &self.0.setup.model;
            let states = (0..model.states()).map(State).filter(|state| !model.is_terminal(*state));
            serializer.collect_seq(states.map(|state| decision(self.0, state)))
        }
    }

    fn decision(solved: &Solved, state: State) -> Json {
        let Solved { told, setup, yardstick, .. } = solved;
        let (environment, model) = (setup.environment.as_ref(), &setup.model);
        let slot = yardstick.optimum.policy[state.index()];
        let action = model.action(state, slot);
        let name = |slot| environment.action_text(model.action(state, slot), English);
        let values =
            (0..model.slots(state)).map(|slot| json!({ "action": name(slot), "value": yardstick.action_values[model.pair(state, slot)] }));
        json!({
            "state": told.state(state),
            "label": environment.describe(state, English),
            "value": yardstick.optimum.values[state.index()],
            "action": name(slot),
            "action_index": action.0,
            "action_values": values.collect::<Vec<_>>(),
        })
    }

    /// States factor by factor. The factors are asked for once: a table of one's own names every state anew each time.
    struct Told<'a> {
        environment: &'a dyn Environment,
        factors: Vec<Factor>,
    }

    impl<'a> Told<'a> {
        fn new(environment: &'a dyn Environment) -> Self {
            Self { environment, factors: environment.factors() }
        }

        fn state(&self, state: State) -> Json {
            let fields = self.factors.iter().zip(self.environment.levels(state));
            Json::Object(fields.map(|(factor, level)| (factor.key.to_owned(), level_value(&factor.levels, level))).collect())
        }
    }

    fn level_value(levels: &Levels, level: u32) -> Json {
        match levels {
            Levels::Integers { min, .. } => json!(min + level as i32),
            Levels::Numbers(_) => json!(levels.value(level)),
            Levels::Named(_) => json!(levels.label(level, English)),
        }
    }

    fn train(shared: &Shared, options: &Options) -> Result<Json, Vec<Invalid>> {
        let setup = compile(shared)?;
        if let Some(path) = &options.save {
            check_save(path, &setup)?;
        }
        let yardstick = Rc::new(Yardstick::new(&setup));
        let mut report = head(shared, &setup);
        // Large problems are not kept twice.
        drop(setup);
        let (mut runs, mut trained) = (Vec::new(), None);
        for offset in 0..options.seeds {
            let compiled = reseeded(&shared.experiment, offset).and_then(|experiment| experiment.compile());
            let setup = Rc::new(compiled.map_err(|error| vec![error])?);
            let (run, network) = train_once(&setup, &yardstick, shared.position)?;
            runs.push(run);
            trained = network;
        }
        if let Some(path) = &options.save {
            save(path, shared, trained)?;
        }
        let gap = |run: &Json| run["gap_percent"].as_f64().unwrap_or(f64::NAN);
        let mean = runs.iter().map(gap).sum::<f64>() / runs.len() as f64;
        report.extend([("optimum".to_owned(), json!(yardstick.value)), ("random".to_owned(), json!(yardstick.random))]);
        match (runs.len(), runs.pop()) {
            (1, Some(Json::Object(run))) => report.extend(run),
            (_, last) => {
                runs.extend(last);
                report.extend([("mean_gap_percent".to_owned(), json!(mean)), ("runs".to_owned(), json!(runs))]);
            }
        }
        Ok(Json::Object(report))
    }

    fn compare(first: &Shared, second: &Shared, seeds: u32) -> Result<Json, Vec<Invalid>> {
        let single = |error: Invalid| vec![error];
        let (mut comparison, jobs) = Comparison::plan(&first.experiment, &second.experiment, seeds).map_err(single)?;
        for (index, outcome) in study::on_threads(jobs).into_iter().enumerate() {
            if let study::Outcome::Refused(errors) = outcome {
                return Err(errors);
            }
            comparison.take(index as u32, outcome);
        }
        let links = comparison.sides.each_ref().map(|side| format!("#{}", to_link(side, Position::default())));
        let differences = comparison.differences.iter().map(
            |it| json!({ "key": it.key, "name": it.name.get(English), "values": it.values.each_ref().map(|value| value.get(English)) }),
        );
        let measures = comparison.rows().into_iter().map(|row| (measure_key(row.measure).to_owned(), measure(&row)));
        let environment = comparison.sides[0].build().map_err(single)?;
        let told = Told::new(environment.as_ref());
        let decisions = comparison.disagreements(environment.as_ref()).map(|(found, of)| {
            let examples = found.iter().map(|it| {
                let actions = it.actions.map(|action| environment.action_text(action, English));
                json!({ "state": told.state(it.state), "actions": actions, "optimal": it.optimal })
            });
            json!({ "states": of, "different": found.len(), "examples": examples.collect::<Vec<_>>() })
        });
        let (verdict, better) = match comparison.finding() {
            Some(Finding::Better(side)) => ("better", Some(["first", "second"][side])),
            Some(Finding::BothOptimal) => ("both_optimal", None),
            Some(Finding::Same) => ("same", None),
            Some(Finding::Unclear) => ("unclear", None),
            Some(Finding::OnePair) => ("one_pair", None),
            Some(Finding::Apart) => ("different_problems", None),
            None => ("failed", None),
        };
        Ok(json!({
            "links": links,
            "differences": differences.collect::<Vec<_>>(),
            "seeds": comparison.pairs(),
            "same_problem": comparison.same_problem,
            "verdict": verdict,
            "better": better,
            "measures": measures.collect::<Map<String, Json>>(),
            "decisions": decisions,
            "faults": comparison.faults.iter().map(|fault| fault.get(English)).collect::<Vec<_>>(),
        }))
    }

    fn measure_key(measure: Measure) -> &'static str {
        match measure {
            Measure::Value => "greedy_value",
            Measure::Share => "share_of_optimum",
            Measure::Reach => "median_episodes_to_95_percent",
            Measure::Distance => "max_distance",
            Measure::Wrong => "states_not_optimal",
        }
    }

    fn measure(row: &Row) -> Json {
        let gap = row.difference.map(|gap| {
            // One pair has no interval.
            let end = |value: f64| value.is_finite().then_some(value);
            json!({ "mean": gap.mean, "interval_95_percent": [end(gap.low), end(gap.high)] })
        });
        json!({ "first": row.sides[0], "second": row.sides[1], "second_less_first": gap })
    }

    /// Refuses before any training what could not be saved after it.
    fn check_save(path: &str, setup: &Setup) -> Result<(), Vec<Invalid>> {
        if algorithm(&setup.settings.algorithm).is_none_or(Algorithm::is_table) {
            let fault = retailq::words!("only a deep Q-network can be saved", "只有深度 Q 网络可以保存");
            return Err(vec![Invalid::new("save", path, fault)]);
        }
        save::check(path).map_err(|error| unwritable(path, &error))
    }

    fn unwritable(path: &str, error: &std::io::Error) -> Vec<Invalid> {
        vec![Invalid::new("save", format!("{path}: {error}"), retailq::words!("cannot be written", "无法写入"))]
    }

    /// Writes the experiment with its trained network; a run of it begins at the beginning.
    fn save(path: &str, shared: &Shared, network: Option<Saved>) -> Result<(), Vec<Invalid>> {
        let experiment = Experiment { network: network.map(Arc::new), ..shared.experiment.clone() };
        save::write(path, &to_file(&experiment, Position::default())).map_err(|error| unwritable(path, &error))
    }

    /// The run at a position; at the beginning nothing is learned, so then at its planned end.
    fn trained(setup: &Rc<Setup>, yardstick: &Rc<Yardstick>, position: Position) -> Result<Trainer, Vec<Invalid>> {
        let mut trainer = Trainer::new(Rc::clone(setup), Rc::clone(yardstick)).map_err(|error| vec![error])?;
        let target = if position == Position::default() { Position { episode: setup.settings.episodes, step: 0 } } else { position };
        trainer.advance(Limit { steps: u64::MAX, episode: target.episode });
        let steps = trainer.steps() + u64::from(target.step);
        trainer.advance(Limit { steps, episode: target.episode + 1 });
        Ok(trainer)
    }

    fn train_once(setup: &Rc<Setup>, yardstick: &Rc<Yardstick>, position: Position) -> Result<(Json, Option<Saved>), Vec<Invalid>> {
        let begin = Instant::now();
        let trainer = trained(setup, yardstick, position)?;
        let seconds = begin.elapsed().as_secs_f64();
        let checkup = trainer.measure();
        let report = json!({
            "seed": setup.settings.seed,
            "fingerprint": format!("{:016x}", trainer.fingerprint()),
            "episodes": trainer.position().episode,
            "steps": trainer.steps(),
            "greedy_value": checkup.value,
            "gap_percent": 100.0 * (1.0 - checkup.share),
            "max_distance": checkup.distance,
            "states_not_optimal": checkup.wrong,
            "diverged": trainer.network().is_some_and(Dqn::diverged),
            "seconds": seconds,
            "steps_per_second": trainer.steps() as f64 / seconds,
        });
        Ok((report, trainer.network().map(Dqn::saved)))
    }
}
