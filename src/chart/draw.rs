//! Puts a chart on a surface: quiet axes, direct labels that keep apart, at most two points a pixel column.

use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBAColor, RGBColor};

use crate::order::sort;
use crate::words::Language;

use super::geometry::{columns, visible};
use super::surface::{Label, Point, Surface, broken, text_width};
use super::{Band, Chart, Level, Line, Palette, Role, Unit, Weight};

/// Where the plot lies on the surface, in pixels of the backing store.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// Left edge: episode 0.
    pub left: f64,
    /// Right edge: the last episode.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Whether the chart's note was drawn: in a narrow plot there is no room for it.
    pub noted: bool,
}

impl Frame {
    fn point(&self, chart: &Chart, x: f64, y: f64) -> (f64, f64) {
        let across = if chart.episodes > 0.0 { x / chart.episodes } else { 0.0 };
        (self.left + across * (self.right - self.left), self.height(chart, y))
    }

    /// Height of a value in pixels, outside the frame for values that are not shown.
    pub fn height(&self, chart: &Chart, y: f64) -> f64 {
        self.bottom - chart.scale.place(y).clamp(-99.0, 99.0) * (self.bottom - self.top)
    }
}

/// Height of text, in CSS pixels.
const TEXT: f64 = 12.0;
/// Below this width in CSS pixels labels stand above the plot.
const NARROW: f64 = 420.0;
/// Room for a label above the plot, and the length of the line before it.
const ROW: f64 = 16.0;
const SAMPLE: f64 = 14.0;

/// Draws a chart; `ratio` is the number of device pixels of a CSS pixel.
pub fn draw(chart: &Chart, surface: &mut dyn Surface, palette: &Palette, language: Language, ratio: f64) -> Frame {
    Drawing { chart, surface, palette, language, ratio }.draw()
}

struct Drawing<'a> {
    chart: &'a Chart,
    surface: &'a mut dyn Surface,
    palette: &'a Palette,
    language: Language,
    ratio: f64,
}

/// What is to be said of a level or a bold line.
struct Tag {
    /// Its lines.
    text: Vec<String>,
    role: Role,
    dashed: bool,
    /// The value, then the height of the label's middle.
    y: f64,
}

impl Tag {
    fn lines(&self) -> f64 {
        self.text.len() as f64
    }
}

impl Drawing<'_> {
    fn draw(mut self) -> Frame {
        let (width, height) = self.surface.size();
        self.surface.rectangle(((0, 0), (width, height)), self.palette.surface.to_rgba());
        let ticks = self.chart.scale.ticks((f64::from(height) / self.ratio / 48.0).clamp(2.0, 5.0) as usize);
        let labels = self.tick_labels(&ticks);
        let left = labels.iter().map(|label| text_width(label, self.text())).max().unwrap_or(0);
        let above = f64::from(width) / self.ratio < NARROW;
        let mut tags = self.said();
        let rows = if above { self.rows(&mut tags, f64::from(width) - 8.0 * self.ratio) } else { Vec::new() };
        let right = if above {
            6.0 * self.ratio
        } else {
            let widest = 0.34 * f64::from(width);
            let widths = tags.iter_mut().flat_map(|tag| {
                tag.text = broken(&tag.text.concat(), widest, TEXT * self.ratio);
                &tag.text
            });
            f64::from(widths.map(|line| text_width(line, TEXT * self.ratio)).max().unwrap_or(0)) + 12.0 * self.ratio
        };
        let frame = Frame {
            left: f64::from(left) + 8.0 * self.ratio,
            right: f64::from(width) - right,
            top: (10.0 + ROW * rows.last().zip(tags.last()).map_or(0.0, |((row, _), tag)| row + tag.lines())) * self.ratio,
            bottom: f64::from(height) - 24.0 * self.ratio,
            noted: !above,
        };
        self.grid(&frame, &ticks, &labels);
        self.episode_axis(&frame);
        for mark in &self.chart.marks {
            let (x, _) = frame.point(self.chart, *mark, 0.0);
            self.surface.path(&[pixel((x, frame.top)), pixel((x, frame.bottom))], self.palette.faint.mix(0.35), self.pen(1.0));
        }
        for band in &self.chart.bands {
            self.band(&frame, band);
        }
        for level in &self.chart.levels {
            self.level(&frame, level);
        }
        for line in &self.chart.lines {
            let color = self.palette.color(line.role);
            let (color, width) = match line.weight {
                Weight::Faint => (color.mix(0.32), 1.0),
                Weight::Fine => (color.mix(1.0), 1.0),
                Weight::Bold => (color.mix(1.0), 2.25),
            };
            self.line(&frame, &line.points, color, width);
        }
        if let Some(episode) = self.chart.marker {
            let (x, _) = frame.point(self.chart, episode, 0.0);
            self.surface.path(&[pixel((x, frame.top)), pixel((x, frame.bottom))], self.palette.ink.mix(0.7), self.pen(1.0));
        }
        if above {
            self.legend(&tags, &rows);
        } else {
            self.note(&frame);
            self.beside(&frame, tags);
        }
        frame
    }

    fn text(&self) -> f64 {
        TEXT * self.ratio
    }

    fn pen(&self, width: f64) -> u32 {
        (width * self.ratio).round().max(1.0) as u32
    }

    fn tick_labels(&self, ticks: &[f64]) -> Vec<String> {
        if self.chart.unit != Unit::Share {
            return self.chart.scale.labels(ticks);
        }
        ticks.iter().map(|tick| format!("{} %", (tick * 100.0).round()).replace('-', "−")).collect()
    }

    /// Names with values: levels first, then bold lines with their last value, the uppermost first; an arrow says where the axis leaves out what they name.
    fn said(&self) -> Vec<Tag> {
        let tag = |name: &str, value: f64, role: Role, dashed: bool| {
            let place = self.chart.scale.place(value);
            let arrow = if place < -0.005 {
                " ↓"
            } else if place > 1.005 {
                " ↑"
            } else {
                ""
            };
            Tag { text: vec![format!("{name} {}{arrow}", self.chart.value_text(value))], role, dashed, y: value }
        };
        let levels = self.chart.levels.iter().map(|level| tag(level.name.get(self.language), level.value, level.role, true));
        let lines = self.chart.lines.iter().filter(|line| line.weight != Weight::Faint);
        let labelled = |line: &Line| Some(tag(line.name.get(self.language), line.labelled(self.chart.marker)?, line.role, false));
        levels.chain(lines.rev().filter_map(labelled)).collect()
    }

    /// Row and left edge of labels that follow each other in rows of a width; one that is wider is broken, and has rows of its own.
    fn rows(&self, tags: &mut [Tag], width: f64) -> Vec<(f64, f64)> {
        let (mut row, mut from) = (0.0, 0.0);
        let before = (SAMPLE + 6.0) * self.ratio;
        let place = |tag: &mut Tag| {
            let wide = before + f64::from(text_width(&tag.text.concat(), self.text()));
            tag.text = broken(&tag.text.concat(), width - before, self.text());
            if from > 0.0 && from + wide > width {
                (row, from) = (row + 1.0, 0.0);
            }
            let place = (row, from + 4.0 * self.ratio);
            row += tag.lines() - 1.0;
            from += if tag.lines() > 1.0 { width } else { wide + 10.0 * self.ratio };
            place
        };
        tags.iter_mut().map(place).collect()
    }

    fn grid(&mut self, frame: &Frame, ticks: &[f64], labels: &[String]) {
        for (tick, label) in ticks.iter().zip(labels) {
            let y = frame.height(self.chart, *tick);
            let zero = *tick == 0.0 && !self.chart.scale.log && y < frame.bottom - 1.0;
            let color = if zero { self.palette.faint.mix(0.6) } else { self.palette.grid.to_rgba() };
            self.surface.path(&[pixel((frame.left, y)), pixel((frame.right, y))], color, self.pen(1.0));
            self.label(label, (frame.left - 6.0 * self.ratio, y), HPos::Right, self.palette.faint, false);
        }
    }

    /// Numbers below their ticks; the last has the unit behind it, and the others give way to it.
    fn episode_axis(&mut self, frame: &Frame) {
        let axis = super::Scale { low: 0.0, high: self.chart.episodes.max(1.0), log: false };
        let ticks = axis.ticks(((frame.right - frame.left) / self.ratio / 90.0).clamp(3.0, 8.0) as usize);
        let y = frame.bottom + 13.0 * self.ratio;
        let wide = |text: &str| f64::from(text_width(text, TEXT * self.ratio));
        let labels = axis.labels(&ticks);
        let unit = words!("episodes", "回合");
        let last = labels.last().map(|number| [number, " ", unit.get(self.language)].concat()).unwrap_or_default();
        let end = f64::from(self.surface.size().0) - 2.0 * self.ratio;
        let last_from = ticks.last().zip(labels.last()).map_or(end, |(tick, number)| {
            let (x, _) = frame.point(self.chart, *tick, 0.0);
            (x - 0.5 * wide(number)).min(end - wide(&last))
        });
        let places: Vec<f64> = ticks.iter().map(|tick| frame.point(self.chart, *tick, 0.0).0).collect();
        let fits: Vec<bool> = places.iter().zip(&labels).map(|(x, label)| x + 0.5 * wide(label) < last_from - 6.0 * self.ratio).collect();
        for ((x, label), fits) in places.into_iter().zip(&labels).zip(fits) {
            let tick = [pixel((x, frame.bottom)), pixel((x, frame.bottom + 3.0 * self.ratio))];
            self.surface.path(&tick, self.palette.faint.mix(0.6), self.pen(1.0));
            if fits {
                self.label(label, (x, y), HPos::Center, self.palette.faint, false);
            }
        }
        self.label(&last, (last_from, y), HPos::Left, self.palette.faint, false);
    }

    fn band(&mut self, frame: &Frame, band: &Band) {
        let chart = self.chart;
        let edge = |value: fn(&super::Range) -> f64| {
            band.ranges.iter().map(move |range| {
                let (x, y) = frame.point(chart, range.episode, value(range));
                (x, y.clamp(frame.top, frame.bottom))
            })
        };
        if band.ranges.len() < 2 {
            return;
        }
        let upper = columns(edge(|range| range.high));
        let lower = columns(edge(|range| range.low));
        let outline: Vec<Point> = upper.into_iter().chain(lower.into_iter().rev()).map(pixel).collect();
        self.surface.polygon(&outline, self.palette.color(band.role).mix(0.14));
    }

    fn line(&mut self, frame: &Frame, points: &[(f64, f64)], color: RGBAColor, width: f64) {
        let places = points.iter().map(|(x, y)| frame.point(self.chart, *x, *y));
        for piece in visible(&columns(places), frame.top, frame.bottom) {
            let points: Vec<Point> = piece.into_iter().map(pixel).collect();
            self.surface.path(&points, color, self.pen(width));
        }
    }

    fn level(&mut self, frame: &Frame, level: &Level) {
        let y = frame.height(self.chart, level.value);
        if y < frame.top - 0.5 || y > frame.bottom + 0.5 {
            return;
        }
        let (dash, gap) = if level.role == Role::Optimum { (9.0, 5.0) } else { (4.0, 4.0) };
        let (dash, gap) = (dash * self.ratio, gap * self.ratio);
        let width = self.pen(if level.role == Role::Optimum { 1.75 } else { 1.25 });
        let color = self.palette.color(level.role).to_rgba();
        let mut x = frame.left;
        while x < frame.right {
            self.surface.path(&[pixel((x, y)), pixel(((x + dash).min(frame.right), y))], color, width);
            x += dash + gap;
        }
    }

    /// The names of levels and lines right of the plot, each as near to its end as the others allow.
    fn beside(&mut self, frame: &Frame, mut tags: Vec<Tag>) {
        tags.iter_mut().for_each(|tag| tag.y = frame.height(self.chart, tag.y).clamp(frame.top, frame.bottom));
        let pitch = 1.3 * self.text();
        spread(&mut tags, frame.top, frame.bottom, pitch);
        for tag in tags {
            let first = tag.y - 0.5 * (tag.lines() - 1.0) * pitch;
            for (line, text) in (0..).zip(&tag.text) {
                let at = (frame.right + 6.0 * self.ratio, first + f64::from(line) * pitch);
                self.label(text.trim_end(), at, HPos::Left, self.palette.color(tag.role), true);
            }
        }
    }

    /// The same above the plot, where there is no room beside it: over the curves they would hide what they name.
    fn legend(&mut self, tags: &[Tag], rows: &[(f64, f64)]) {
        for (tag, (row, x)) in tags.iter().zip(rows) {
            let (y, color) = ((10.0 + ROW * row) * self.ratio, self.palette.color(tag.role));
            let pieces: &[(f64, f64)] = if tag.dashed { &[(0.0, 0.4), (0.6, 1.0)] } else { &[(0.0, 1.0)] };
            for (from, to) in pieces {
                let end = |part: f64| pixel((x + part * SAMPLE * self.ratio, y));
                self.surface.path(&[end(*from), end(*to)], color.to_rgba(), self.pen(2.0));
            }
            for (line, text) in (0..).zip(&tag.text) {
                let at = (x + (SAMPLE + 6.0) * self.ratio, y + ROW * f64::from(line) * self.ratio);
                self.label(text.trim_end(), at, HPos::Left, color, true);
            }
        }
    }

    /// Says what is cut off, at the edge where it is.
    fn note(&mut self, frame: &Frame) {
        let Some(note) = &self.chart.note else { return };
        let text = shortened(note.words.get(self.language), frame.right - frame.left - 8.0 * self.ratio, self.text());
        let x = frame.right - 4.0 * self.ratio;
        let y = if note.below { frame.bottom - 0.9 * self.text() } else { frame.top + 0.5 * self.text() };
        self.halo((x - f64::from(text_width(&text, self.text())), x), y);
        self.label(&text, (x, y), HPos::Right, self.palette.faint, false);
    }

    /// Dims what lies behind a text.
    fn halo(&mut self, (from, to): (f64, f64), y: f64) {
        let corners = (pixel((from - 2.0, y - 0.6 * self.text())), pixel((to + 2.0, y + 0.6 * self.text())));
        self.surface.rectangle(corners, self.palette.surface.mix(0.8));
    }

    fn label(&mut self, text: &str, at: (f64, f64), anchor: HPos, color: RGBColor, bold: bool) {
        let size = self.text();
        self.surface.text(&Label { text, at: pixel(at), anchor, size, bold }, color.to_rgba());
    }
}

fn pixel((x, y): (f64, f64)) -> Point {
    (x.round() as i32, y.round() as i32)
}

/// A text cut to a width, with an ellipsis where it was cut.
fn shortened(text: &str, room: f64, size: f64) -> String {
    let mut kept = text.to_owned();
    if f64::from(text_width(text, size)) <= room {
        return kept;
    }
    while kept.pop().is_some() && f64::from(text_width(&kept, size)) + size > room {}
    format!("{}…", kept.trim_end())
}

/// Moves labels apart, each line of them a pitch high, within bounds as far as there is room.
fn spread(tags: &mut [Tag], top: f64, bottom: f64, pitch: f64) {
    sort(tags, |a, b| a.y.total_cmp(&b.y));
    let mut edge = top - 0.5 * pitch;
    for tag in tags.iter_mut() {
        let half = 0.5 * pitch * tag.lines();
        tag.y = tag.y.max(edge + half);
        edge = tag.y + half;
    }
    let mut edge = bottom + 0.5 * pitch;
    for tag in tags.iter_mut().rev() {
        let half = 0.5 * pitch * tag.lines();
        tag.y = tag.y.min(edge - half);
        edge = tag.y - half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart() {
        let tag = |y: f64, lines: usize| Tag { text: vec![String::new(); lines], role: Role::Learner, dashed: false, y };
        let mut tags = [tag(98.0, 1), tag(99.0, 1), tag(3.0, 1), tag(97.0, 1)];
        spread(&mut tags, 0.0, 100.0, 12.0);
        assert_eq!(tags.iter().map(|tag| tag.y).collect::<Vec<_>>(), [3.0, 76.0, 88.0, 100.0]);
        let mut tags = [tag(50.0, 2), tag(51.0, 1), tag(0.0, 2)];
        spread(&mut tags, 0.0, 100.0, 12.0);
        assert_eq!(tags.iter().map(|tag| tag.y).collect::<Vec<_>>(), [6.0, 50.0, 68.0]);
    }
}
