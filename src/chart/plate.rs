//! A chart as a picture to take away: its title above, what it was made with below, so that it still speaks for itself elsewhere.

use plotters::backend::SVGBackend;
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBAColor};

use crate::words::Language;

use super::surface::{Label, Point, Surface, broken};
use super::{Chart, Palette, Plotter, draw};

/// Width of a picture for a screen and height of the chart in it, in CSS pixels.
pub const SCREEN: (u32, u32) = (960, 380);
/// The same for a column of paper, where letters are to stay readable.
pub const PAPER: (u32, u32) = (700, 230);
/// Height of title and caption.
const TITLE: f64 = 17.0;
const TEXT: f64 = 12.0;
const PITCH: f64 = 18.0;
/// White around everything.
const MARGIN: f64 = 16.0;

/// A chart with its caption, laid out.
pub struct Plate<'a> {
    chart: &'a Chart,
    language: Language,
    caption: Vec<String>,
    width: u32,
    height: u32,
}

impl<'a> Plate<'a> {
    /// Lays out a chart with the lines of its caption; long ones are broken.
    pub fn new(chart: &'a Chart, caption: &[String], language: Language, (width, height): (u32, u32)) -> Self {
        let room = f64::from(width) - 2.0 * MARGIN;
        Self { chart, language, caption: caption.iter().flat_map(|line| broken(line, room, TEXT)).collect(), width, height }
    }

    /// Width and height in CSS pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, (self.caption_from() + self.caption.len() as f64 * PITCH + MARGIN) as u32)
    }

    fn caption_from(&self) -> f64 {
        MARGIN + TITLE + 10.0 + f64::from(self.height) + 12.0
    }

    /// Draws it, black on white; `ratio` is the number of pixels of a CSS pixel.
    pub fn draw(&self, surface: &mut dyn Surface, ratio: f64) {
        let (palette, language) = (&Palette::LIGHT, self.language);
        surface.rectangle(((0, 0), surface.size()), palette.surface.to_rgba());
        let pixel = |x: f64, y: f64| ((x * ratio).round() as i32, (y * ratio).round() as i32);
        let mut line = |text: &str, y: f64, size: f64, color: RGBAColor, bold: bool| {
            surface.text(&Label { text, at: pixel(MARGIN, y), anchor: HPos::Left, size: size * ratio, bold }, color);
        };
        line(self.chart.title.get(language), MARGIN + 0.5 * TITLE, TITLE, palette.ink.to_rgba(), true);
        for (index, text) in self.caption.iter().enumerate() {
            line(text, self.caption_from() + (index as f64 + 0.5) * PITCH, TEXT, palette.faint.to_rgba(), false);
        }
        let (from, to) = (pixel(MARGIN, MARGIN + TITLE + 10.0), pixel(f64::from(self.width) - MARGIN, 0.0));
        let size = (to.0 - from.0, (f64::from(self.height) * ratio).round() as i32);
        draw(self.chart, &mut Inset { surface, from, size }, palette, language, ratio);
    }

    /// The picture as an SVG file.
    pub fn svg(&self) -> String {
        let mut text = String::new();
        self.draw(&mut Plotter { backend: &mut SVGBackend::with_string(&mut text, self.size()), font_factor: 1.24 }, 1.0);
        text
    }
}

/// A part of a surface.
struct Inset<'a> {
    surface: &'a mut dyn Surface,
    from: Point,
    size: (i32, i32),
}

impl Inset<'_> {
    fn moved(&self, (x, y): Point) -> Point {
        (x + self.from.0, y + self.from.1)
    }

    fn all(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|point| self.moved(*point)).collect()
    }
}

impl Surface for Inset<'_> {
    fn size(&self) -> (i32, i32) {
        self.size
    }

    fn path(&mut self, points: &[Point], color: RGBAColor, width: u32) {
        let points = self.all(points);
        self.surface.path(&points, color, width);
    }

    fn polygon(&mut self, points: &[Point], color: RGBAColor) {
        let points = self.all(points);
        self.surface.polygon(&points, color);
    }

    fn rectangle(&mut self, (from, to): (Point, Point), color: RGBAColor) {
        let corners = (self.moved(from), self.moved(to));
        self.surface.rectangle(corners, color);
    }

    fn text(&mut self, label: &Label, color: RGBAColor) {
        let at = self.moved(label.at);
        self.surface.text(&Label { at, ..*label }, color);
    }
}

#[cfg(test)]
mod tests {
    use super::super::surface::text_width;
    use super::*;

    #[test]
    fn captions_are_broken_and_lose_nothing() {
        let link = format!("https://example.org/#1&p=puterman&rows={}", "open,close;".repeat(120));
        let words = "mean demand = 4; holding cost = 2; ".repeat(20);
        for text in [link, words, "短".repeat(200), String::new()] {
            let lines = broken(&text, 600.0, TEXT);
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| f64::from(text_width(line, TEXT)) <= 600.0));
        }
    }
}
