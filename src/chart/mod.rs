//! Charts as values, and their drawing on any backend: the page's canvas, a file to download, and tests share it.
//!
//! A [`Chart`] holds what is shown; [`draw()`] puts it on a [`Surface`]; [`Chart::read`] gives the same numbers to the crosshair and to
//! the data table, so that picture and text cannot disagree.

pub mod bundle;
pub mod digits;
pub mod geometry;
pub mod draw;
pub mod lessons;
pub mod palette;
pub mod plate;
pub mod scale;
pub mod series;
pub mod surface;

pub use bundle::Bundle;
pub use draw::{Frame, draw};
pub use palette::{Palette, Role};
pub use plate::Plate;
pub use scale::{Scale, figure, whole};
pub use surface::{Plotter, Surface};

use crate::text::short_number;
use crate::words::{Language, Words};

/// Values over the episodes of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is shown.
    pub title: Words,
    /// Episodes at the right end of the axis.
    pub episodes: f64,
    /// The vertical axis.
    pub scale: Scale,
    /// What the values are.
    pub unit: Unit,
    /// What lies between two curves, the first drawn undermost.
    pub bands: Vec<Band>,
    /// Curves, the first drawn undermost.
    pub lines: Vec<Line>,
    /// Constant values to compare with.
    pub levels: Vec<Level>,
    /// Episodes at which something happened that is worth a faint mark.
    pub marks: Vec<f64>,
    /// The present episode, where it is worth a mark.
    pub marker: Option<f64>,
    /// What the axis leaves out, or cannot show.
    pub note: Option<Note>,
}

/// What the values of a chart are, which decides how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rewards, in the unit of the problem.
    Reward,
    /// Parts of a whole, in percent.
    Share,
    /// Rates from 0 to 1.
    Rate,
}

/// A remark at an edge of the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The remark.
    pub words: Words,
    /// Whether it belongs to the lower edge.
    pub below: bool,
}

/// Extremes of some episodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Their middle.
    pub episode: f64,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
}

/// All that lies between smallest and largest values.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Name of the values, where they are worth being read out.
    pub name: Option<Words>,
    /// What it stands for.
    pub role: Role,
    /// The values, episodes ascending.
    pub ranges: Vec<Range>,
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Name beside its end.
    pub name: Words,
    /// What it stands for.
    pub role: Role,
    /// Episode and value, episodes ascending.
    pub points: Vec<(f64, f64)>,
    /// How it is drawn.
    pub weight: Weight,
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Thin and pale, without a label.
    Faint,
    /// Thin, with its name and last value beside it.
    Fine,
    /// Strong, with its name and last value beside it.
    Bold,
}

/// A constant value, drawn dashed with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Name beside it.
    pub name: Words,
    /// What it stands for.
    pub role: Role,
    /// The value.
    pub value: f64,
}

/// A value with its name: what the crosshair shows, and a cell of the data table.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Name of the line or level.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// The value as text.
    pub value: String,
}

impl Chart {
    /// A chart that shows nothing yet.
    pub fn new(title: Words, unit: Unit, scale: Scale, episodes: f64) -> Self {
        let (bands, lines, levels, marks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { title, episodes, scale, unit, bands, lines, levels, marks, marker: None, note: None }
    }

    /// A value as text, with as many digits as mean something.
    pub fn value_text(&self, value: f64) -> String {
        match self.unit {
            Unit::Reward => figure(value, 4),
            Unit::Share => share_text(value),
            // What is small is not none.
            Unit::Rate if value > 0.0 && value < 0.01 => figure(value, 2),
            Unit::Rate => short_number(value),
        }
    }

    fn range_text(&self, range: &Range) -> String {
        [&self.value_text(range.low), " … ", &self.value_text(range.high)].concat()
    }

    /// Every curve's value at an episode, and what every named band spans there.
    pub fn read(&self, episode: f64, language: Language) -> Vec<Reading> {
        let reading = |name: &Words, role, value| Reading { name: name.get(language).to_owned(), role, value };
        let lines = self.lines.iter().filter_map(|line| Some(reading(&line.name, line.role, self.value_text(line.drawn_at(episode)?))));
        let bands = self.bands.iter().filter_map(|band| {
            let range = band.nearest(episode)?;
            Some(reading(band.name.as_ref()?, band.role, self.range_text(range)))
        });
        lines.chain(bands).collect()
    }

    /// What was measured nearest to an episode, no farther away than a reach: a row of the data table, with a dash where there is nothing.
    pub fn row(&self, episode: f64, reach: f64) -> Vec<String> {
        let is_near = |at: f64| (at - episode).abs() <= reach;
        let point = |line: &Line| {
            let (first, last) = (line.points.first()?.0, line.points.last()?.0);
            let (x, value) = line.nearest(episode)?;
            (is_near(x) && (first - 0.5..=last + 0.5).contains(&episode)).then(|| self.value_text(value))
        };
        let range = |band: &Band| band.nearest(episode).filter(|range| is_near(range.episode)).map(|range| self.range_text(range));
        let bands = self.bands.iter().filter(|band| band.name.is_some()).map(range);
        self.lines.iter().map(point).chain(bands).map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect()
    }

    /// The names of the cells of a [`row`](Self::row), for the head of a data table.
    pub fn heads(&self, language: Language) -> Vec<String> {
        let names = self.lines.iter().map(|line| &line.name).chain(self.bands.iter().filter_map(|band| band.name.as_ref()));
        names.map(|name| name.get(language).to_owned()).collect()
    }

    /// The episode of the nearest point of any curve, so that a crosshair rests on data.
    pub fn nearest(&self, episode: f64) -> Option<f64> {
        let nearest = |line: &Line| line.nearest(episode).map(|(x, _)| x);
        let candidates = self.lines.iter().filter_map(nearest);
        candidates.min_by(|a, b| (a - episode).abs().total_cmp(&(b - episode).abs()))
    }

    /// The chart in a sentence or two, for those who do not see it.
    pub fn summary(&self, language: Language) -> String {
        let mut text = self.title.get(language).to_owned();
        let (colon, comma) = if language == Language::Chinese { ("：", "；") } else { (": ", "; ") };
        let now = self.lines.iter().filter(|line| line.weight != Weight::Faint).filter_map(|line| {
            let (name, end) = (line.name.get(language), self.value_text(line.end()?));
            let Some(now) = self.marker.and_then(|episode| line.drawn_at(episode)) else { return Some(format!("{name} {end}")) };
            let now = self.value_text(now);
            let words = phrase!("{name} now {now}, at the end {end}", "{name} 现为 {now}，结束时 {end}");
            Some(words.get(language).to_owned())
        });
        let levels = self.levels.iter().map(|level| format!("{} {}", level.name.get(language), self.value_text(level.value)));
        let parts: Vec<String> = now.chain(levels).collect();
        if !parts.is_empty() {
            text.push_str(colon);
            text.push_str(&parts.join(comma));
        }
        text
    }

    /// At most so many episodes, evenly spread over the data, for the data table.
    pub fn sample(&self, rows: usize) -> Vec<f64> {
        let Some(line) = self.lines.iter().max_by_key(|line| line.points.len()) else { return Vec::new() };
        let (count, rows) = (line.points.len(), rows.max(2));
        match count <= rows {
            true => line.points.iter().map(|(x, _)| *x).collect(),
            false => (0..rows).filter_map(|row| line.points.get(row * (count - 1) / (rows - 1)).map(|(x, _)| *x)).collect(),
        }
    }
}

/// What lies nearest to an episode, the last of the same.
fn nearest<T>(sorted: &[T], at: impl Fn(&T) -> f64, episode: f64) -> Option<&T> {
    let after = sorted.partition_point(|item| at(item) <= episode);
    let around = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|i| sorted.get(i));
    around.min_by(|a, b| (at(a) - episode).abs().total_cmp(&(at(b) - episode).abs()))
}

impl Band {
    fn nearest(&self, episode: f64) -> Option<&Range> {
        nearest(&self.ranges, |range| range.episode, episode)
    }
}

impl Line {
    /// The point nearest to an episode, the last where several are of the same.
    pub fn nearest(&self, episode: f64) -> Option<(f64, f64)> {
        nearest(&self.points, |(x, _)| *x, episode).copied()
    }

    /// The value that a label gives: at the marked moment, where one is marked, else at its right end.
    pub fn labelled(&self, marker: Option<f64>) -> Option<f64> {
        marker.map_or_else(|| self.end(), |episode| self.drawn_at(episode))
    }

    /// The value at its right end.
    pub fn end(&self) -> Option<f64> {
        self.points.last().map(|(_, value)| *value)
    }

    /// The height at which it is drawn at an episode: straight between its points, and nowhere before the first and after the last.
    fn drawn_at(&self, episode: f64) -> Option<f64> {
        let after = self.points.partition_point(|(x, _)| *x <= episode);
        let (left, from) = *self.points.get(after.checked_sub(1)?)?;
        if left == episode {
            return Some(from);
        }
        let (right, to) = *self.points.get(after)?;
        Some(from + (to - from) * (episode - left) / (right - left))
    }
}

/// A share in percent; 99.9 and above with two decimals.
pub fn share_text(value: f64) -> String {
    let percent = value * 100.0;
    let digits = match percent.abs() {
        size if size < 5e-5 => return "0\u{a0}%".to_owned(),
        size if size < 0.05 => 1,
        size if (size - 100.0).abs() < 0.005 => return format!("{}\u{a0}%", whole(percent)),
        size if (99.9..100.0).contains(&size) => 4,
        _ => 3,
    };
    format!("{}\u{a0}%", figure(percent, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_not_told() {
        let line = |points| series::line(words!("x"), Role::Learner, points, Weight::Bold);
        let (often, seldom) = ((1..=100).map(|x| (f64::from(x), 1.0)).collect(), vec![(40.0, 2.0), (80.0, 6.0)]);
        let chart = series::positive(words!("x"), vec![line(often), line(seldom)], 100.0);
        let seen = |episode| chart.read(episode, Language::English).into_iter().map(|reading| reading.value).collect::<Vec<_>>();
        assert_eq!(
            (seen(60.0), seen(80.0), seen(81.0)),
            (vec!["1.000".into(), "4.000".into()], vec!["1.000".into(), "6.000".into()], vec!["1.000".into()])
        );
        assert_eq!(
            (chart.row(60.0, 5.0), chart.row(42.0, 5.0)),
            (vec!["1.000".into(), "–".into()], vec!["1.000".into(), "2.000".to_owned()])
        );
    }
}
