//! Lines made fit for a screen: no more points than it has pixels, and nothing outside the frame.

/// Across and down, in pixels.
pub type Place = (f64, f64);

/// At most two points a pixel column: the lowest and the highest, in the order in which they came.
pub fn columns(places: impl Iterator<Item = Place>) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::new();
    let mut column: Option<[Place; 2]> = None;
    let flush = |column: [Place; 2], kept: &mut Vec<Place>| {
        let [low, high] = column;
        let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        kept.push(first);
        if first != second {
            kept.push(second);
        }
    };
    for place in places.filter(|(x, y)| x.is_finite() && y.is_finite()) {
        column = Some(match column {
            Some([low, high]) if low.0.round() == place.0.round() => {
                [if place.1 < low.1 { place } else { low }, if place.1 > high.1 { place } else { high }]
            }
            Some(full) => {
                flush(full, &mut kept);
                [place; 2]
            }
            None => [place; 2],
        });
    }
    if let Some(full) = column {
        flush(full, &mut kept);
    }
    kept
}

/// The pieces of a line between two heights.
pub fn visible(points: &[Place], top: f64, bottom: f64) -> Vec<Vec<Place>> {
    let inside = |y: f64| (top..=bottom).contains(&y);
    let crossing = |a: Place, b: Place, y: f64| (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y);
    let mut pieces: Vec<Vec<Place>> = Vec::new();
    let mut piece: Vec<Place> = points.first().filter(|point| inside(point.1)).into_iter().copied().collect();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let bounds = if a.1 < b.1 { [top, bottom] } else { [bottom, top] };
        for bound in bounds {
            if (a.1 - bound) * (b.1 - bound) < 0.0 {
                piece.push(crossing(a, b, bound));
            }
        }
        if inside(b.1) {
            piece.push(b);
        } else if !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_extremes() {
        let places = (0..10_000).map(|i| (f64::from(i) / 100.0, if i == 5_050 { 1e6 } else { f64::from(i % 7) }));
        let kept = columns(places);
        assert!(kept.len() <= 2 * 101, "{}", kept.len());
        assert!(kept.iter().any(|(_, y)| *y == 1e6) && kept.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }

    #[test]
    fn a_line_is_cut_at_the_frame() {
        let pieces = visible(&[(0.0, 5.0), (1.0, 15.0), (2.0, 5.0), (3.0, -95.0)], 0.0, 10.0);
        assert_eq!(pieces, [vec![(0.0, 5.0), (0.5, 10.0)], vec![(1.5, 10.0), (2.0, 5.0), (2.05, 0.0)]]);
        assert_eq!(visible(&[(0.0, -10.0), (2.0, 20.0)], 0.0, 10.0).len(), 1);
    }
}
