//! Several curves of the same kind as one: the median at each episode, and all that lies between the lowest and the highest.

use crate::sample::{median, quantile};
use crate::words::Words;

use super::series::{bounds, clipped, positive_scale};
use super::{Band, Chart, Level, Line, Range, Role, Scale, Unit, Weight, figure, share_text};

/// Columns a bundle has: more than enough for the eye, and few enough to draw at every frame.
const COLUMNS: u32 = 240;

/// Curves of several runs, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundle {
    /// Middle of the curves, by episode.
    pub median: Vec<(f64, f64)>,
    /// Lowest and highest of them.
    pub ranges: Vec<Range>,
}

/// A curve within one column.
#[derive(Clone, Copy)]
struct Piece {
    low: f64,
    mean: f64,
    high: f64,
}

impl Bundle {
    /// Sums up curves, episodes ascending in each. However many points they have, their extremes are kept.
    pub fn of<'a>(curves: impl Iterator<Item = &'a [(f64, f64)]>) -> Self {
        let curves: Vec<&[(f64, f64)]> = curves.collect();
        let ends = curves.iter().filter_map(|curve| curve.last().map(|(episode, _)| *episode));
        let end = ends.fold(0.0, f64::max);
        let longest = curves.iter().map(|curve| curve.len()).max().unwrap_or(0);
        let columns = COLUMNS.min((longest.max(2) - 1) as u32);
        let mut bundle = Self::default();
        let mut places = vec![0; curves.len()];
        for column in 0..=columns {
            // Columns are centred on their episode, so that the first shows the beginning and the last the end.
            let (episode, half) = (end * f64::from(column) / f64::from(columns), 0.5 * end / f64::from(columns));
            let pieces = curves.iter().zip(&mut places).filter_map(|(curve, place)| piece(curve, place, episode, episode + half));
            let pieces: Vec<Piece> = pieces.collect();
            if pieces.is_empty() {
                continue;
            }
            let mut means: Vec<f64> = pieces.iter().map(|piece| piece.mean).collect();
            bundle.median.push((episode, median(&mut means)));
            bundle.ranges.push(Range {
                episode,
                low: pieces.iter().map(|piece| piece.low).fold(f64::INFINITY, f64::min),
                high: pieces.iter().map(|piece| piece.high).fold(f64::NEG_INFINITY, f64::max),
            });
        }
        bundle
    }

    /// Adds the bundle to a chart, under what it has, and makes room for it.
    pub fn lay_under(&self, chart: &mut Chart) {
        if self.median.is_empty() {
            return;
        }
        let values = || self.median.iter().map(|(_, value)| *value);
        // Before the run's first step there may be nothing that says where the values are to lie.
        let bare = chart.levels.is_empty() && chart.lines.iter().all(|line| line.points.len() < 2);
        chart.scale = match bare {
            true => positive_scale(&values().filter(|value| *value > 0.0).collect::<Vec<_>>()),
            false => chart.scale.widened(values()),
        };
        self.put(chart, 0, words!("seed median", "种子中位数"), Role::Beside);
        if let Some(band) = chart.bands.first_mut() {
            band.name = Some(words!("seed range", "种子范围"));
        }
    }

    fn put(&self, chart: &mut Chart, place: usize, name: Words, role: Role) {
        let end = self.median.last().map_or(0.0, |(episode, _)| *episode);
        chart.episodes = chart.episodes.max(end);
        chart.bands.insert(place, Band { name: None, role, ranges: self.ranges.clone() });
        chart.lines.insert(place, Line { name, role, points: self.median.clone(), weight: Weight::Bold });
    }
}

/// Two bundles in one chart, beside the optimum.
pub fn side_by_side(title: Words, unit: Unit, optimum: Option<Level>, sides: [(&Bundle, Words); 2]) -> Chart {
    let medians: Vec<f64> = sides.iter().flat_map(|(bundle, _)| bundle.median.iter().map(|(_, value)| *value)).collect();
    // The first few episodes may be far off; what comes of them matters more.
    let core = [quantile(&medians, 0.02), quantile(&medians, 1.0)].into_iter().chain(optimum.as_ref().map(|level| level.value));
    let scale = Scale::padded(bounds(core).unwrap_or((0.0, 1.0)), 0.08);
    let write = |value| if unit == Unit::Share { share_text(value) } else { figure(value, 3) };
    let note = clipped(medians.iter().copied(), scale, write);
    let mut chart = Chart { levels: optimum.into_iter().collect(), note, ..Chart::new(title, unit, scale, 1.0) };
    // The first side lies on top.
    for ((bundle, name), role) in sides.into_iter().zip([Role::Learner, Role::Beside]) {
        bundle.put(&mut chart, 0, name, role);
    }
    chart
}

/// The points of a curve up to an episode from where the last column ended; between its points a curve is straight, and before its
/// first there is none.
fn piece(curve: &[(f64, f64)], place: &mut usize, middle: f64, end: f64) -> Option<Piece> {
    let from = *place;
    *place += curve[from..].partition_point(|(episode, _)| *episode <= end);
    let inside = &curve[from..*place];
    if inside.is_empty() {
        let (before, after) = (curve[..from].last()?, curve.get(from).or(curve.last())?);
        let across = if after.0 > before.0 { (middle - before.0) / (after.0 - before.0) } else { 0.0 };
        let value = before.1 + (after.1 - before.1) * across.clamp(0.0, 1.0);
        return Some(Piece { low: value, mean: value, high: value });
    }
    let values = || inside.iter().map(|(_, value)| *value);
    Some(Piece {
        low: values().fold(f64::INFINITY, f64::min),
        mean: values().sum::<f64>() / inside.len() as f64,
        high: values().fold(f64::NEG_INFINITY, f64::max),
    })
}

#[cfg(test)]
mod tests {
    use super::super::series::optimum;
    use super::*;
    use crate::words::Language;

    #[test]
    fn extremes_of_long_curves_are_kept() {
        let curve = |seed: usize| (0..50_000).map(|i| (i as f64, if i == 30_000 + seed { 1e3 } else { seed as f64 })).collect();
        let curves: Vec<Vec<(f64, f64)>> = (0..5).map(curve).collect();
        let bundle = Bundle::of(curves.iter().map(Vec::as_slice));
        assert!(bundle.median.len() <= COLUMNS as usize + 1);
        assert_eq!((bundle.median[0], bundle.median.last().copied()), ((0.0, 2.0), Some((49_999.0, 2.0))));
        assert_eq!(bundle.ranges.iter().map(|range| range.high).fold(0.0, f64::max), 1e3);
        assert!(bundle.ranges.iter().all(|range| range.low == 0.0));
    }

    #[test]
    fn curves_measured_at_different_episodes_meet() {
        let curves: [&[(f64, f64)]; 3] = [&[(0.0, 0.0), (10.0, 10.0)], &[(0.0, 2.0), (4.0, 6.0), (8.0, 6.0), (10.0, 0.0)], &[(0.0, 1.0)]];
        let bundle = Bundle::of(curves.into_iter());
        assert_eq!(bundle.median[0], (0.0, 1.0));
        assert_eq!(bundle.ranges.last().map(|range| (range.low, range.high)), Some((0.0, 10.0)));
        assert_eq!(Bundle::of(std::iter::empty()), Bundle::default());
        let chart =
            side_by_side(Words::same("x"), Unit::Share, Some(optimum(1.0)), [(&bundle, Words::same("A")), (&bundle, Words::same("B"))]);
        assert_eq!(chart.heads(Language::English), ["B", "A"]);
        assert_eq!(chart.note, None);
        let mut far = Bundle { median: (0..100).map(|episode| (f64::from(episode), 1.0)).collect(), ranges: Vec::new() };
        far.median[0].1 = -50.0;
        let chart = side_by_side(Words::same("x"), Unit::Reward, None, [(&far, Words::same("A")), (&bundle, Words::same("B"))]);
        assert!(chart.note.as_ref().is_some_and(|note| note.below && note.words.get(Language::English).contains("−50")));
        assert!((chart.scale.low..chart.scale.high).contains(&1.0) && chart.episodes == 99.0, "{chart:?}");
    }
}
