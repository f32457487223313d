//! The charts of a network's learning, from its numbers.

use crate::records::BucketRow;
use crate::sample::quantile;
use crate::words::Words;

use super::series::{bounds, clipped, line, positive, right_end};
use super::{Chart, Level, Note, Role, Scale, Unit, Weight};

/// Most copies of the target network that are marked: more would be a wall.
const MOST_MARKS: u64 = 40;

/// The lessons of a run so far.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// By episodes.
    pub rows: &'a [BucketRow],
    /// Gradient steps between copies of the target network; 0 without one.
    pub copy_every: u64,
    /// Planned episodes.
    pub planned: u32,
}

impl Course<'_> {
    /// Mean loss of the mini-batches, with marks where the target network followed.
    pub fn loss(&self) -> Chart {
        let line = line(words!("loss", "损失"), Role::Learner, self.points(|row| (row.updates > 0.0).then_some(row.loss)), Weight::Bold);
        self.marked(positive(
            words!("Mean loss of the mini-batches, in the network’s own units", "小批量的平均损失（网络内部单位）"),
            vec![line],
            self.right_end(),
        ))
    }

    /// Mean length of the gradients, with the length they are clipped to; 0 for any length.
    pub fn gradient(&self, clip: f64) -> Chart {
        let points = self.points(|row| (row.updates > 0.0).then_some(row.gradient));
        let lines = vec![line(words!("gradient", "梯度"), Role::Learner, points, Weight::Bold)];
        let mut chart = positive(words!("Mean length of the gradient |∇L|", "梯度的平均范数 |∇L|"), lines, self.right_end());
        if clip > 0.0 && clip <= chart.scale.high {
            chart.levels.push(Level { name: words!("clipped to", "裁剪至"), role: Role::Baseline, value: clip });
        }
        chart
    }

    /// What next states were taken to be worth beside what they are worth: the gap is over-estimation.
    pub fn estimate(&self) -> Chart {
        let (estimate, truth) = (self.points(|row| Some(row.estimate)), self.points(|row| Some(row.truth)));
        let values = |points: &[(f64, f64)]| points.iter().map(|(_, value)| *value).collect::<Vec<f64>>();
        let (estimated, true_ones) = (values(&estimate), values(&truth));
        let core = true_ones.into_iter().chain([quantile(&estimated, 0.05), quantile(&estimated, 0.95)]).chain(estimated.last().copied());
        let scale = Scale::padded(bounds(core).unwrap_or((0.0, 1.0)), 0.08);
        let note = clipped(estimated.into_iter(), scale, |value| super::figure(value, 3));
        let lines = vec![
            line(words!("true V*", "真值 V*"), Role::Optimum, truth, Weight::Bold),
            line(words!("estimate", "自举估计"), Role::Learner, estimate, Weight::Bold),
        ];
        let title = words!("Bootstrap estimate max Q(s′,·) and true V*(s′)", "自举估计 max Q(s′,·) 与真值 V*(s′)");
        self.marked(Chart { lines, note, ..Chart::new(title, Unit::Reward, scale, self.right_end()) })
    }

    fn points(&self, value: impl Fn(&BucketRow) -> Option<f64>) -> Vec<(f64, f64)> {
        let mut done = 0.0;
        let point = |row: &BucketRow| {
            done += f64::from(row.count);
            value(row).map(|value| (done, value))
        };
        self.rows.iter().filter_map(point).collect()
    }

    fn right_end(&self) -> f64 {
        right_end(self.rows.iter().map(|row| f64::from(row.count)).sum(), self.planned)
    }

    /// With the episodes at which the target network followed; where those are too many, in words.
    fn marked(&self, mut chart: Chart) -> Chart {
        chart.marks = self.copies();
        chart.note = chart.note.or_else(|| Some(Note { words: self.about_copies()?, below: false }));
        chart
    }

    fn about_copies(&self) -> Option<Words> {
        let (count, every) = (self.count_copies(), self.copy_every);
        match count {
            0 => None,
            1..=MOST_MARKS => Some(words!("upright lines: the target network follows", "竖线：目标网络跟进")),
            _ => Some(phrase!(
                "target network followed {count} times, every {every} updates",
                "目标网络每 {every} 次更新跟进一次，已 {count} 次"
            )),
        }
    }

    fn count_copies(&self) -> u64 {
        let updates: f64 = self.rows.iter().map(|row| row.updates).sum();
        (updates as u64).checked_div(self.copy_every).unwrap_or(0)
    }

    /// Episodes at which the target network followed; none where they are too many to be told apart.
    fn copies(&self) -> Vec<f64> {
        let (mut episode, mut updates, mut copies) = (0.0, 0.0, Vec::new());
        if !(1..=MOST_MARKS).contains(&self.count_copies()) {
            return copies;
        }
        let every = self.copy_every as f64;
        for row in self.rows {
            let first = (updates / every).floor() + 1.0;
            let last = ((updates + row.updates) / every).floor();
            for copy in first as u64..=last as u64 {
                copies.push(episode + f64::from(row.count) * (copy as f64 * every - updates) / row.updates);
            }
            episode += f64::from(row.count);
            updates += row.updates;
        }
        copies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons(updates: f64, estimate: f64) -> BucketRow {
        BucketRow { count: 1, updates, loss: 0.5, gradient: 2.0, estimate, truth: 10.0, ..BucketRow::default() }
    }

    #[test]
    fn copies_are_marked_where_they_happened_and_counted_where_they_are_many() {
        let rows = [lessons(0.0, 1.0), lessons(50.0, 2.0), lessons(100.0, 3.0), lessons(100.0, 4.0)];
        let course = Course { rows: &rows, copy_every: 100, planned: 4 };
        assert_eq!(course.copies(), [2.5, 3.5]);
        let chart = course.loss();
        assert_eq!((chart.marks.len(), chart.lines[0].points.first()), (2, Some(&(2.0, 0.5))));
        let often = Course { copy_every: 1, ..course }.loss();
        assert!(often.marks.is_empty() && often.note.is_some());
        assert!(Course { copy_every: 0, ..course }.loss().note.is_none());
    }

    #[test]
    fn over_estimation_is_seen_beside_the_truth() {
        let rows: Vec<BucketRow> = (0..100).map(|i| lessons(10.0, f64::from(i))).collect();
        let chart = Course { rows: &rows, copy_every: 0, planned: 100 }.estimate();
        assert!(chart.scale.place(10.0) > 0.0 && chart.scale.place(99.0) < 1.0, "{:?}", chart.scale);
        assert_eq!(chart.read(100.0, crate::words::Language::English).len(), 2);
    }
}
