//! Curves in SVG.

/// The path of a curve through points.
pub fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.enumerate().map(|(index, (x, y))| format!("{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' })).collect()
}
