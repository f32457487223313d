//! What a chart is drawn on: five verbs over any backend of plotters, so that canvas, file and test share one drawing code.

use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

/// A point in pixels of the backing store.
pub type Point = (i32, i32);

/// Text with its place.
pub struct Label<'a> {
    /// The text.
    pub text: &'a str,
    /// Where its anchor is.
    pub at: Point,
    /// Which end of the line the anchor is at; always the middle of its height.
    pub anchor: HPos,
    /// Height in pixels.
    pub size: f64,
    /// Heavier than usual.
    pub bold: bool,
}

/// Something to draw on. Failures of a backend are dropped: there is nobody to draw them for.
pub trait Surface {
    /// Width and height in pixels.
    fn size(&self) -> (i32, i32);
    /// A line through points.
    fn path(&mut self, points: &[Point], color: RGBAColor, width: u32);
    /// A filled shape.
    fn polygon(&mut self, points: &[Point], color: RGBAColor);
    /// A filled rectangle from its upper left to its lower right corner.
    fn rectangle(&mut self, corners: (Point, Point), color: RGBAColor);
    /// A line of text.
    fn text(&mut self, label: &Label, color: RGBAColor);
}

/// A backend of plotters as a surface.
pub struct Plotter<'a, B: DrawingBackend> {
    /// The backend.
    pub backend: &'a mut B,
    /// What the backend divides font sizes by: 1.24 for plotters' SVG, 1 for the canvas.
    pub font_factor: f64,
}

impl<B: DrawingBackend> Surface for Plotter<'_, B> {
    fn size(&self) -> (i32, i32) {
        let (width, height) = self.backend.get_size();
        (width as i32, height as i32)
    }

    fn path(&mut self, points: &[Point], color: RGBAColor, width: u32) {
        let style = ShapeStyle { color, filled: false, stroke_width: width };
        let _ = match points {
            [from, to] => self.backend.draw_line(*from, *to, &style),
            _ => self.backend.draw_path(points.iter().copied(), &style),
        };
    }

    fn polygon(&mut self, points: &[Point], color: RGBAColor) {
        let _ = self.backend.fill_polygon(points.iter().copied(), &color);
    }

    fn rectangle(&mut self, (from, to): (Point, Point), color: RGBAColor) {
        let _ = self.backend.draw_rect(from, to, &color, true);
    }

    fn text(&mut self, label: &Label, color: RGBAColor) {
        let weight = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name("system-ui, sans-serif"), label.size * self.font_factor, weight);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(label.anchor, VPos::Center));
        let _ = self.backend.draw_text(label.text, &style, label.at);
    }
}

/// Width of a text in pixels, without asking the browser: good enough to keep labels apart.
pub fn text_width(text: &str, size: f64) -> i32 {
    let em: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'l' | 'j' | 't' | 'f' | 'I' | '.' | ',' | ' ' | '(' | ')' | '\'' => 0.38,
            'm' | 'w' | 'M' | 'W' | '%' | '…' => 1.0,
            letter if (letter as u32) >= 0x2e80 => 1.0,
            _ => 0.67,
        })
        .sum();
    (em * size).ceil() as i32
}

/// A text in lines no wider than a room: broken after a space where there is one, else wherever it must be, as in a link.
pub fn broken(text: &str, room: f64, size: f64) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for letter in text.chars() {
        line.push(letter);
        if f64::from(text_width(&line, size)) <= room {
            continue;
        }
        let at = line.rfind(' ').filter(|at| *at > line.len() / 2).map_or(line.len() - letter.len_utf8(), |space| space + 1);
        let rest = line.split_off(at);
        lines.push(std::mem::replace(&mut line, rest));
    }
    lines.push(line);
    lines
}
