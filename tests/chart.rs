//! Charts of real runs, drawn as files. With `RETAILQ_CHARTS=directory` they are kept to be looked at.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use plotters::backend::SVGBackend;
use retailq::chart::plate::{PAPER, SCREEN};
use retailq::chart::series;
use retailq::chart::{Bundle, Chart, Frame, Level, Palette, Plate, Plotter, Role, draw};
use retailq::config::{Experiment, Settings};
use retailq::environment::SCENARIOS;
use retailq::protocol::{Command, Event, Facts, Goal, Seen};
use retailq::records::{BucketRow, Records};
use retailq::session::Session;
use retailq::share::from_link;
use retailq::study::{self, Seeds};
use retailq::words;
use retailq::words::Language;

fn svg(name: &str, chart: &Chart, palette: &Palette, language: Language, (width, height): (u32, u32)) -> (String, Frame) {
    let mut text = String::new();
    let frame = {
        let mut backend = SVGBackend::with_string(&mut text, (width, height));
        draw(chart, &mut Plotter { backend: &mut backend, font_factor: 1.24 }, palette, language, 1.0)
    };
    if let Ok(directory) = std::env::var("RETAILQ_CHARTS") {
        std::fs::write(format!("{directory}/{name}.svg"), &text).unwrap();
    }
    (text, frame)
}

struct Run {
    facts: Facts,
    settings: Settings,
    records: Records,
    levels: Vec<Level>,
}

fn run(link: &str, episodes: u32) -> Run {
    let mut session = Session::default();
    let Event::Loaded(facts) = session.handle(&Command::Load { link: link.to_owned() }).event else { panic!() };
    let experiment: Experiment = from_link(link).unwrap().experiment;
    let goal = Goal::Position(retailq::config::Position { episode: episodes, step: 0 });
    let reply = session.handle(&Command::Advance { goal, budget: u32::MAX, seen: Seen::default() });
    let Event::Advanced(progress) = reply.event else { panic!() };
    let mut records = Records::default();
    records.absorb(progress.news, &reply.numbers);
    let mut levels = vec![series::episode_optimum(&facts)];
    for index in 0..facts.baselines {
        let Event::Baseline(Some(found)) = session.handle(&Command::Baseline { index }).event else { panic!() };
        levels.push(Level { name: found.name, role: Role::Baseline, value: found.episode_return });
    }
    Run { facts, settings: experiment.settings().unwrap(), records, levels }
}

#[test]
fn a_run_is_drawn_with_its_optimum() {
    let run = run("1&p=puterman", 300);
    let chart = series::returns(&run.records.buckets, run.levels.clone(), run.settings.episodes);
    for (name, palette, language, size) in [
        ("returns", Palette::LIGHT, Language::English, (640, 300)),
        ("returns-dark-zh", Palette::DARK, Language::Chinese, (640, 300)),
        ("returns-narrow", Palette::LIGHT, Language::English, (300, 220)),
    ] {
        let (text, frame) = svg(name, &chart, &palette, language, size);
        let optimum = chart.value_text(run.facts.episode_optimum);
        assert!(text.contains(if language == Language::English { "optimal" } else { "最优" }) && text.contains(&optimum), "{name}");
        assert!(frame.left > 0.0 && frame.right <= f64::from(size.0) && frame.right - frame.left > 0.5 * f64::from(size.0), "{frame:?}");
    }
    assert!(chart.summary(Language::English).starts_with("Return per episode: learner, exploring "));
    // Here the cut shows: the optimum is worth 39.70 without end.
    assert!(chart.summary(Language::English).contains("optimal, 100 steps 39.44"), "{}", chart.summary(Language::English));
    assert!(chart.summary(Language::Chinese).contains("最优策略，100 步 39.44"));
    assert_eq!(chart.read(150.0, Language::English).len(), 2);
}

#[test]
fn the_other_charts_are_drawn() {
    let run = run("1&p=puterman&alpha=.1", 300);
    let charts = [
        ("share", series::share(run.records.measured(|row| row.share), Vec::new(), 300)),
        ("distance", series::distance(run.records.measured(|row| row.distance), 300)),
        ("error", series::error(run.records.errors(), 300)),
        ("rates", series::rates(&run.settings, 120.0)),
    ];
    for (name, chart) in charts {
        let (text, _) = svg(name, &chart, &Palette::LIGHT, Language::English, (420, 200));
        assert!(text.contains("<polyline") && text.contains("episodes"), "{name}");
        svg(&format!("{name}-small"), &chart, &Palette::DARK, Language::Chinese, (300, 160));
    }
}

/// Texts of a picture, with the height they are at.
fn texts(svg: &str) -> Vec<(f64, String)> {
    let text = |part: &str| {
        let height = part.split(" y=\"").nth(1)?.split('"').next()?.parse().ok()?;
        Some((height, part.split_once('>')?.1.split('<').next()?.trim().to_owned()))
    };
    svg.split("<text ").skip(1).filter_map(text).collect()
}

#[test]
fn labels_are_whole_and_hide_no_curve() {
    let run = run("1&p=puterman&epsilon=lin:1:.05:100", 300);
    let name = words!("the same action wherever possible, free shipping", "尽可能重复同一动作：免运费");
    let levels = vec![run.levels[0].clone(), Level { name, role: Role::Baseline, value: 30.0 }];
    let chart = series::returns(&run.records.buckets, levels, run.settings.episodes);
    for language in [Language::English, Language::Chinese] {
        let (wide, _) = svg("labels-wide", &chart, &Palette::LIGHT, language, (560, 260));
        let all: String = texts(&wide).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        let said = if language == Language::English { "the same action wherever possible, free shipping 30.00" } else { "30.00" };
        assert!(all.contains(said) && !all.contains('…'), "{all}");
        // In a narrow one they stand above the plot.
        let (narrow, frame) = svg("labels-narrow", &chart, &Palette::LIGHT, language, (300, 220));
        let all: String = texts(&narrow).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        assert!(all.contains(said) && !all.contains('…'), "{all}");
        let learner = if language == Language::English { "learner, exploring" } else { "学习者" };
        let found: Vec<_> = texts(&narrow).into_iter().filter(|(_, text)| text.starts_with(learner)).collect();
        assert!(found.len() == 1 && found[0].0 < frame.top, "{found:?} {frame:?}");
    }
}

#[test]
fn a_label_is_the_value_at_the_marked_moment_and_every_axis_has_numbers() {
    let run = run("1&p=puterman&epsilon=lin:1:.05:100", 3);
    let chart = series::rates(&run.settings, 3.0);
    for (width, episodes) in [(300, 500.0), (300, 12_000.0), (420, 42.0), (800, 9.0)] {
        let chart = Chart { episodes, ..chart.clone() };
        let (text, _) = svg("axis", &chart, &Palette::LIGHT, Language::English, (width, 200));
        let texts = texts(&text);
        assert!(texts.iter().any(|(_, text)| text == "ε 0.972"), "{texts:?}");
        let below = texts.iter().filter(|(height, text)| *height > 180.0 && text.starts_with(|letter: char| letter.is_ascii_digit()));
        assert!(below.clone().count() >= 2 && below.clone().any(|(_, text)| text.ends_with(" episodes")), "{texts:?}");
    }
    let summary = series::rates(&run.settings, 50.0).summary(Language::English);
    assert!(summary.contains("ε now 0.5") && summary.contains(", at the end 0.05"), "{summary}");
}

#[test]
fn an_early_explosion_does_not_flatten_the_curve() {
    let rows: Vec<BucketRow> = (0..200)
        .map(|i| if i < 4 { -1e5 } else { -30.0 - 100.0 / f64::from(i) })
        .map(|mean| BucketRow { count: 1, min: mean, max: mean, mean, ..BucketRow::default() })
        .collect();
    let levels = vec![Level { name: words!("optimum", "最优"), role: Role::Optimum, value: -29.0 }];
    let chart = series::returns(&rows, levels, 200);
    assert!(chart.scale.low > -100.0 && chart.scale.high < 0.0, "{:?}", chart.scale);
    assert!(chart.note.is_some());
    let (text, _) = svg("explosion", &chart, &Palette::LIGHT, Language::English, (640, 300));
    assert!(text.contains("axis cut: down to −100,000"), "{text}");
}

#[test]
fn a_long_run_stays_small_and_an_empty_one_shows_its_levels() {
    let row = |mean| BucketRow { count: 1, max: 9.0, mean, ..BucketRow::default() };
    let rows: Vec<BucketRow> = (0..100_000).map(|i| row(f64::from(i % 10))).collect();
    let (text, _) = svg("long", &series::returns(&rows, Vec::new(), 100_000), &Palette::LIGHT, Language::English, (640, 300));
    assert!(text.len() < 60_000, "{}", text.len());
    let levels = vec![Level { name: words!("optimum", "最优"), role: Role::Optimum, value: 20.0 }];
    let (text, _) = svg("empty", &series::returns(&[], levels, 300), &Palette::LIGHT, Language::English, (640, 300));
    assert!(text.contains("optimum 20.00"));
    svg("empty-share", &series::share(Vec::new(), Vec::new(), 300), &Palette::LIGHT, Language::English, (420, 200));
    svg("empty-distance", &series::distance(Vec::new(), 300), &Palette::LIGHT, Language::English, (420, 200));
}

#[test]
fn other_seeds_lie_under_the_run_and_fit_even_before_it_begins() {
    let link = "1&p=puterman&episodes=60";
    let (mut seeds, jobs) = Seeds::plan(&from_link(link).unwrap().experiment, 5).unwrap();
    study::here(jobs).iter().for_each(|outcome| seeds.take(outcome));
    let run = run(link, 60);
    let bundles = seeds.bundles();
    let plain = series::returns(&run.records.buckets, run.levels.clone(), 60);
    for (name, mut chart, bundle) in [
        ("seeds-returns", plain.clone(), &bundles.returns),
        ("seeds-share", series::share(Vec::new(), Vec::new(), 60), &bundles.share),
        ("seeds-distance", series::distance(Vec::new(), 60), &bundles.distance),
    ] {
        bundle.lay_under(&mut chart);
        let inside = bundle.median.iter().skip(bundle.median.len() / 4).all(|(_, value)| (0.0..=1.0).contains(&chart.scale.place(*value)));
        assert!(inside, "{name}: {:?}", chart.scale);
        assert!(chart.episodes >= 59.0 && chart.heads(Language::English).ends_with(&["seed range".to_owned()]), "{name}");
        let (text, _) = svg(name, &chart, &Palette::LIGHT, Language::English, (640, 300));
        assert!(text.contains("seed median") && text.contains("<polygon"), "{name}");
        assert!(chart.read(30.0, Language::English).iter().any(|reading| reading.value.contains(" … ")), "{name}");
    }
    let mut untouched = plain.clone();
    Bundle::default().lay_under(&mut untouched);
    assert_eq!(untouched, plain);
}

#[test]
fn the_style_sheet_has_the_same_colours() {
    let style = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/style.css")).unwrap();
    let roles = [
        ("learner", Role::Learner),
        ("explore", Role::Explore),
        ("optimum", Role::Optimum),
        ("baseline", Role::Baseline),
        ("faint", Role::Random),
        ("ink", Role::Beside),
        ("alpha", Role::Alpha),
        ("gamma", Role::Gamma),
    ];
    let parts = ["part-0", "part-1", "part-2", "part-3", "part-4", "part-5"].into_iter().enumerate();
    let (light, dark) = style.split_once(":root[data-theme=\"dark\"]").unwrap();
    for (sheet, palette) in [(light, Palette::LIGHT), (dark, Palette::DARK)] {
        for (name, role) in roles.into_iter().chain(parts.clone().map(|(index, name)| (name, Role::Part(index)))) {
            let plotters::style::RGBColor(r, g, b) = palette.color(role);
            let line = format!("--{name}: #{r:02x}{g:02x}{b:02x};");
            assert!(sheet.contains(&line), "{line}");
        }
    }
}

#[test]
fn a_picture_to_take_away_carries_its_settings_and_its_link() {
    let run = run("1&p=puterman", 50);
    let chart = series::returns(&run.records.buckets, run.levels.clone(), run.settings.episodes);
    let link = "https://example.org/#1&p=puterman&at=50";
    for language in [Language::English, Language::Chinese] {
        let caption = ["capacity < 4".to_owned(), link.to_owned()];
        for size in [SCREEN, PAPER] {
            let plate = Plate::new(&chart, &caption, language, size);
            let text = plate.svg();
            assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"), "{text}");
            for part in [chart.title.get(language), "capacity &lt; 4", &link.replace('&', "&amp;")] {
                assert!(text.contains(part), "{part}");
            }
            assert_eq!(plate.size().0, size.0);
            assert!(plate.size().1 > size.1);
        }
    }
}

#[test]
fn parts_of_a_reward_are_told_apart_by_colour() {
    for scenario in SCENARIOS {
        let parts = scenario.instance(&[]).unwrap().reward_parts();
        let roles: Vec<Role> = parts.iter().enumerate().map(|(index, part)| Role::part(part.key, index)).collect();
        assert!((1..roles.len()).all(|index| !roles[..index].contains(&roles[index])), "{}: {roles:?}", scenario.key);
    }
    assert_eq!(Role::part("holding", 0), Role::part("holding", 3));
}
