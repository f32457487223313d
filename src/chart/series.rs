//! The five charts of a run, from its numbers.

use crate::config::Settings;
use crate::order::sort;
use crate::protocol::Facts;
use crate::records::BucketRow;
use crate::sample::quantile;
use crate::schedule::Schedule;
use crate::text::plain_number;
use crate::words::Words;

use super::scale::nice_step;
use super::{Band, Chart, Level, Line, Note, Range, Role, Scale, Unit, Weight, share_text};

/// What shares of the optimum are called.
pub const SHARE: Words = words!("Greedy policy: random 0 %, optimum 100 %", "贪心策略：随机为 0 %，最优为 100 %");

/// What the optimum comes to.
pub fn optimum(value: f64) -> Level {
    Level { name: words!("optimum", "最优"), role: Role::Optimum, value }
}

/// What the optimal policy earns in an episode; where that is cut so early that it shows, its name says so: another may then earn more.
pub fn episode_optimum(facts: &Facts) -> Level {
    let level = optimum(facts.episode_optimum);
    let steps = facts.steps;
    let name = match steps {
        1 => words!("optimal, 1 step", "最优策略，1 步"),
        _ => phrase!("optimal, {steps} steps", "最优策略，{steps} 步"),
    };
    if facts.is_cut() { Level { name, ..level } } else { level }
}

/// The moving average of returns, by episode.
pub fn smoothed(rows: &[BucketRow]) -> Vec<(f64, f64)> {
    moving_average(&means(rows), rows)
}

/// Mean returns at the middle of their episodes.
fn means(rows: &[BucketRow]) -> Vec<(f64, f64)> {
    let middles = rows.iter().scan(0.0, |done, row| {
        let count = f64::from(row.count);
        let episode = *done + 0.5 * (count + 1.0);
        *done += count;
        Some((episode, row.mean))
    });
    middles.collect()
}

/// Return per episode: extremes and means faint, their moving average bold, with the lines it is to be compared with.
pub fn returns(rows: &[BucketRow], levels: Vec<Level>, planned: u32) -> Chart {
    let done = rows.iter().map(|row| f64::from(row.count)).sum();
    let means = means(rows);
    let band = means.iter().zip(rows).map(|((episode, _), row)| Range { episode: *episode, low: row.min, high: row.max }).collect();
    let smooth = moving_average(&means, rows);
    let scale = fitted(&means, &smooth, &levels);
    let extremes = means.iter().map(|(_, mean)| *mean);
    let note = clipped(extremes, scale, |value| super::figure(value, 3));
    let mut lines = vec![line(words!("mean of the episodes", "各回合均值"), Role::Learner, means, Weight::Faint)];
    lines.push(line(words!("learner, exploring", "学习者（含探索）"), Role::Learner, smooth, Weight::Bold));
    let bands = vec![Band { name: None, role: Role::Learner, ranges: band }];
    let title = words!("Return per episode", "每回合回报");
    Chart { bands, lines, levels, note, ..Chart::new(title, Unit::Reward, scale, right_end(done, planned)) }
}

/// Adds to returns, which exploring lowers, what the greedy policy is worth, at checkups.
pub fn add_unexploring(returns: &mut Chart, values: Vec<(f64, f64)>) {
    let means = returns.lines.first().map_or(&[][..], |line| &line.points);
    returns.note = clipped(means.iter().chain(&values).map(|(_, value)| *value), returns.scale, |value| super::figure(value, 3));
    returns.lines.push(line(words!("learner, not exploring", "学习者（不探索）"), Role::Learner, values, Weight::Fine));
}

/// Exact value of the greedy policy on the way from random choice (0) to the optimum (1), at checkups.
pub fn share(points: Vec<(f64, f64)>, mut levels: Vec<Level>, planned: u32) -> Chart {
    levels.insert(0, optimum(1.0));
    levels.push(Level { name: words!("random", "随机"), role: Role::Random, value: 0.0 });
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    let low = quantile(&values, 0.1).clamp(-1.0, 0.0);
    let scale = Scale { low: low - 0.05, high: 1.08, log: false };
    let note = clipped(values.into_iter(), scale, share_text);
    let done = points.last().map_or(0.0, |(episode, _)| *episode);
    let lines = vec![line(words!("learner", "学习者"), Role::Learner, points, Weight::Bold)];
    Chart { lines, levels, note, ..Chart::new(SHARE, Unit::Share, scale, right_end(done, planned)) }
}

/// max |Q - Q*| at checkups.
pub fn distance(points: Vec<(f64, f64)>, planned: u32) -> Chart {
    let done = points.last().map_or(0.0, |(episode, _)| *episode);
    let lines = vec![line(words!("max|Q − Q*|"), Role::Learner, points, Weight::Bold)];
    positive(words!("Distance to the optimum, max|Q − Q*|", "与最优的距离 max|Q − Q*|"), lines, right_end(done, planned))
}

/// Mean absolute temporal-difference error by episode.
pub fn error(points: Vec<(f64, f64)>, planned: u32) -> Chart {
    let done = points.last().map_or(0.0, |(episode, _)| *episode);
    let lines = vec![line(words!("|δ|"), Role::Learner, points, Weight::Bold)];
    positive(words!("Mean temporal-difference error |δ|", "平均时间差分误差 |δ|"), lines, right_end(done, planned))
}

/// The schedules over the planned run, with the present episode marked.
pub fn rates(settings: &Settings, episode: f64) -> Chart {
    let episodes = right_end(f64::from(settings.episodes).max(episode), settings.episodes);
    let curve = |schedule: &Schedule| -> Vec<(f64, f64)> {
        const PIECES: u32 = 160;
        let at = |x: f64| (x, schedule.at(x as u32));
        let mut places: Vec<f64> = (0..=PIECES).map(|i| (episodes * f64::from(i) / f64::from(PIECES)).floor()).chain([episode]).collect();
        sort(&mut places, f64::total_cmp);
        places.dedup();
        places.into_iter().map(at).collect()
    };
    let mut lines = Vec::new();
    let mut push = |name: Words, role, schedule: &Schedule| {
        if !matches!(schedule, Schedule::Visits { .. }) {
            lines.push(line(name, role, curve(schedule), Weight::Bold));
        }
    };
    push(words!("γ"), Role::Gamma, &settings.gamma);
    push(words!("α"), Role::Alpha, &settings.alpha);
    push(words!("ε"), Role::Explore, &settings.epsilon);
    let note = match settings.alpha {
        Schedule::Visits { exponent } => {
            let exponent = plain_number(exponent);
            let words = phrase!("α = 1 / visits^{exponent} of each pair", "α = 1 / 每个状态-动作对的访问次数^{exponent}");
            Some(Note { words, below: false })
        }
        _ => None,
    };
    let title = words!("Exploration ε, learning rate α, discount γ", "探索率 ε、学习率 α、折扣因子 γ");
    let scale = Scale { low: 0.0, high: 1.05, log: false };
    Chart { lines, marker: Some(episode), note, ..Chart::new(title, Unit::Rate, scale, episodes) }
}

pub(super) fn line(name: Words, role: Role, points: Vec<(f64, f64)>, weight: Weight) -> Line {
    Line { name, role, points, weight }
}

/// The end of the axis: the plan once the run is well under way, before that a round number that grows with it.
pub(super) fn right_end(done: f64, planned: u32) -> f64 {
    let planned = f64::from(planned.max(1));
    if done > planned {
        let step = nice_step(done / 4.0);
        return (done / step).ceil() * step;
    }
    nice_step(done.max(10.0) * 1.02).min(planned).max(1.0)
}

/// Means of the last twentieth of the run so far, at least of five episodes, weighed by episodes.
fn moving_average(means: &[(f64, f64)], rows: &[BucketRow]) -> Vec<(f64, f64)> {
    let count = |row: &BucketRow| f64::from(row.count);
    let total: f64 = rows.iter().map(count).sum();
    let window = (total / 20.0).max(5.0);
    let (mut from, mut weight, mut sum) = (0, 0.0, 0.0);
    let mut smooth = Vec::with_capacity(means.len());
    for (point, row) in means.iter().zip(rows) {
        weight += count(row);
        sum += count(row) * row.mean;
        while from + 1 < rows.len() && weight - count(&rows[from]) >= window {
            weight -= count(&rows[from]);
            sum -= count(&rows[from]) * rows[from].mean;
            from += 1;
        }
        smooth.push((point.0, sum / weight.max(1.0)));
    }
    smooth
}

/// Shows nearly all returns, the optimum, and the other levels unless they are far away.
fn fitted(means: &[(f64, f64)], smooth: &[(f64, f64)], levels: &[Level]) -> Scale {
    let values: Vec<f64> = means.iter().map(|(_, value)| *value).collect();
    let end = smooth.last().map(|(_, value)| *value);
    let first: Vec<f64> = levels.iter().filter(|level| level.role == Role::Optimum).map(|level| level.value).collect();
    let spread = if values.is_empty() { None } else { Some([quantile(&values, 0.04), quantile(&values, 0.995)]) };
    let core: Vec<f64> = first.into_iter().chain(end).chain(spread.into_iter().flatten()).collect();
    let all = || levels.iter().map(|level| level.value);
    let (low, high) = bounds(core.iter().copied()).or_else(|| bounds(all())).unwrap_or((0.0, 1.0));
    let reach = if spread.is_some() { 0.8 * (high - low) } else { f64::INFINITY };
    let near: Vec<f64> = all().filter(|value| (low - reach..=high + reach).contains(value)).collect();
    Scale::padded(bounds(near.into_iter().chain([low, high])).unwrap_or((low, high)), 0.07)
}

pub(super) fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |bounds, value| {
        let (low, high) = bounds.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

pub(super) fn clipped(values: impl Iterator<Item = f64>, scale: Scale, text: impl Fn(f64) -> String) -> Option<Note> {
    let (low, high) = bounds(values)?;
    let (below, above) = (low < scale.low, high > scale.high);
    let (low, high) = (text(low), text(high));
    let words = match (below, above) {
        (false, false) => return None,
        (true, false) => phrase!("axis cut: down to {low}", "纵轴已截断：最低 {low}"),
        (false, true) => phrase!("axis cut: up to {high}", "纵轴已截断：最高 {high}"),
        (true, true) => phrase!("axis cut: {low} to {high}", "纵轴已截断：{low} 至 {high}"),
    };
    Some(Note { words, below })
}

/// A chart of values that are zero or above: by ratios where they span more than a factor of fifty.
pub(super) fn positive(title: Words, lines: Vec<Line>, episodes: f64) -> Chart {
    let values: Vec<f64> = lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value)).filter(|value| *value > 0.0).collect();
    let scale = positive_scale(&values);
    let note = clipped(values.into_iter(), scale, |value| super::figure(value, 3));
    Chart { lines, note, ..Chart::new(title, Unit::Reward, scale, episodes) }
}

/// The scale of values above zero.
pub(super) fn positive_scale(values: &[f64]) -> Scale {
    let (low, high) = bounds(values.iter().copied()).unwrap_or((0.0, 1.0));
    let log = low > 0.0 && high / low > 50.0;
    let typical = quantile(values, 0.99);
    let top = if high > 3.0 * typical { typical } else { high };
    match log {
        true => Scale { low: low.max(high * 1e-9) * 0.8, high: high * 1.25, log },
        false => Scale { low: 0.0, high: if top > 0.0 { top * 1.1 } else { 1.0 }, log },
    }
}
