//! Puts a chart on a surface: quiet axes, direct labels that keep apart, at most two points a pixel column.

use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBAColor, RGBColor};

use crate::order::sort;
use crate::words::{Language, Words};

use super::geometry::{columns, visible};
use super::surface::{Label, Point, Surface, text_width};
use super::{Band, Chart, Level, Palette, Role, Unit, Weight};

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
/// Below this width in CSS pixels labels stand inside the plot.
const NARROW: f64 = 420.0;

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

/// A label on its way to a place of its own.
struct Tag {
    text: String,
    color: RGBColor,
    y: f64,
}

impl Drawing<'_> {
    fn draw(mut self) -> Frame {
        let (width, height) = self.surface.size();
        self.surface.rectangle(((0, 0), (width, height)), self.palette.surface.to_rgba());
        let ticks = self.chart.scale.ticks((f64::from(height) / self.ratio / 48.0).clamp(2.0, 5.0) as usize);
        let labels = self.tick_labels(&ticks);
        let left = labels.iter().map(|label| text_width(label, self.text())).max().unwrap_or(0);
        let inside = f64::from(width) / self.ratio < NARROW;
        let widest = if inside { 0.48 } else { 0.34 } * f64::from(width);
        let names: Vec<String> = self.texts(widest);
        let margin = if inside {
            6.0 * self.ratio
        } else {
            f64::from(names.iter().map(|text| text_width(text, self.text())).max().unwrap_or(0)) + 12.0 * self.ratio
        };
        let frame = Frame {
            left: f64::from(left) + 8.0 * self.ratio,
            right: f64::from(width) - margin,
            top: 10.0 * self.ratio,
            bottom: f64::from(height) - 24.0 * self.ratio,
            noted: !inside,
        };
        self.grid(&frame, &ticks, &labels);
        self.episode_axis(&frame, inside);
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
                Weight::Bold => (color.mix(1.0), 2.25),
            };
            self.line(&frame, &line.points, color, width);
        }
        if let Some(episode) = self.chart.marker {
            let (x, _) = frame.point(self.chart, episode, 0.0);
            self.surface.path(&[pixel((x, frame.top)), pixel((x, frame.bottom))], self.palette.ink.mix(0.7), self.pen(1.0));
        }
        if !inside {
            self.note(&frame);
        }
        self.tags(&frame, inside, &names);
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

    /// Names with values: levels first, then bold lines; cut to a width.
    fn texts(&self, widest: f64) -> Vec<String> {
        let with_value = |name: &Words, value: f64| {
            let (name, value) = (name.get(self.language), self.chart.value_text(value));
            let room = widest - f64::from(text_width(&value, self.text()) + text_width("  ", self.text()));
            format!("{} {value}", shortened(name, room, self.text()))
        };
        let levels = self.chart.levels.iter().map(|level| with_value(&level.name, level.value));
        let lines = self.chart.lines.iter().filter(|line| line.weight == Weight::Bold);
        levels.chain(lines.map(|line| self.chart.value_now(line).map_or_else(String::new, |value| with_value(&line.name, value)))).collect()
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

    fn episode_axis(&mut self, frame: &Frame, inside: bool) {
        let axis = super::Scale { low: 0.0, high: self.chart.episodes.max(1.0), log: false };
        let ticks = axis.ticks(((frame.right - frame.left) / self.ratio / 90.0).clamp(2.0, 8.0) as usize);
        let y = frame.bottom + 13.0 * self.ratio;
        let unit = words!("episodes", "回合");
        let unit = unit.get(self.language);
        let end = if inside { frame.right } else { f64::from(self.surface.size().0) - 4.0 * self.ratio };
        let unit_from = (frame.right + 16.0 * self.ratio).min(end - f64::from(text_width(unit, self.text())));
        let taken = unit_from - 6.0 * self.ratio;
        for (tick, label) in ticks.iter().zip(axis.labels(&ticks)) {
            let (x, _) = frame.point(self.chart, *tick, 0.0);
            self.surface.path(
                &[pixel((x, frame.bottom)), pixel((x, frame.bottom + 3.0 * self.ratio))],
                self.palette.faint.mix(0.6),
                self.pen(1.0),
            );
            if x + f64::from(text_width(&label, self.text())) / 2.0 < taken {
                self.label(&label, (x, y), HPos::Center, self.palette.faint, false);
            }
        }
        self.label(unit, (unit_from, y), HPos::Left, self.palette.faint, false);
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

    /// The names of levels and lines: right of the plot where there is room, else above their line.
    fn tags(&mut self, frame: &Frame, inside: bool, names: &[String]) {
        let (top, bottom) = (frame.top, frame.bottom);
        let tag = |text: &String, role: Role, y: f64| {
            let arrow = if y > bottom + 0.5 {
                " ↓"
            } else if y < top - 0.5 {
                " ↑"
            } else {
                ""
            };
            Tag { text: format!("{text}{arrow}"), color: self.palette.color(role), y: y.clamp(top, bottom) }
        };
        let chart = self.chart;
        let levels = chart.levels.iter().zip(names).map(|(level, text)| tag(text, level.role, frame.height(chart, level.value)));
        let bold = chart.lines.iter().filter(|line| line.weight == Weight::Bold).zip(&names[chart.levels.len()..]);
        let lines = bold.filter_map(|(line, text)| Some(tag(text, line.role, frame.height(chart, line.points.last()?.1))));
        let (mut levels, mut lines): (Vec<Tag>, Vec<Tag>) = (levels.collect(), lines.collect());
        if !inside {
            levels.append(&mut lines);
            self.place(frame, levels, HPos::Left, frame.right + 6.0 * self.ratio, 0.0);
            return;
        }
        let above = -0.75 * self.text();
        self.place(frame, levels, HPos::Left, frame.left + 4.0 * self.ratio, above);
        self.place(frame, lines, HPos::Right, frame.right - 2.0 * self.ratio, above);
    }

    fn place(&mut self, frame: &Frame, mut tags: Vec<Tag>, anchor: HPos, x: f64, shift: f64) {
        let pitch = 1.3 * self.text();
        tags.iter_mut().for_each(|tag| tag.y += shift);
        spread(&mut tags, frame.top, frame.bottom, pitch);
        for tag in tags {
            if shift != 0.0 {
                let width = f64::from(text_width(&tag.text, self.text()));
                let from = if matches!(anchor, HPos::Right) { x - width } else { x };
                self.halo((from, from + width), tag.y);
            }
            self.label(&tag.text, (x, tag.y), anchor, tag.color, true);
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

/// Moves labels apart to a pitch, within bounds as far as there is room.
fn spread(tags: &mut [Tag], top: f64, bottom: f64, pitch: f64) {
    sort(tags, |a, b| a.y.total_cmp(&b.y));
    let mut least = top;
    for tag in tags.iter_mut() {
        tag.y = tag.y.max(least);
        least = tag.y + pitch;
    }
    let mut most = bottom;
    for tag in tags.iter_mut().rev() {
        tag.y = tag.y.min(most);
        most = tag.y - pitch;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart() {
        let tag = |y: f64| Tag { text: String::new(), color: RGBColor(0, 0, 0), y };
        let mut tags = [tag(98.0), tag(99.0), tag(3.0), tag(97.0)];
        spread(&mut tags, 0.0, 100.0, 12.0);
        assert_eq!(tags.iter().map(|tag| tag.y).collect::<Vec<_>>(), [3.0, 76.0, 88.0, 100.0]);
    }
}
