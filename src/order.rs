//! Sorting by one compiled routine. The standard library's is compiled anew for every type, four kilobytes a time for the page to carry.

use std::cmp::Ordering;

/// Sorts a list; equals stay in their order.
pub fn sort<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = merge_sort(list.len(), &|a, b| compare(&list[a], &list[b]) == Ordering::Greater);
    for place in 0..list.len() {
        // What was wanted here may have been moved already, to where the entry of its former place went.
        let mut from = places[place];
        while from < place {
            from = places[from];
        }
        list.swap(place, from);
    }
}

/// The indices of a list in the order wanted; `after` says whether the first of two belongs after the second.
fn merge_sort(count: usize, after: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    let mut merged = sorted.clone();
    let mut width = 1;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let (middle, end) = ((start + width).min(count), (start + 2 * width).min(count));
            let (mut left, mut right) = (start, middle);
            for place in &mut merged[start..end] {
                let take_left = right == end || (left < middle && !after(sorted[left], sorted[right]));
                let from = if take_left { &mut left } else { &mut right };
                *place = sorted[*from];
                *from += 1;
            }
        }
        std::mem::swap(&mut sorted, &mut merged);
        width *= 2;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    #[test]
    fn lists_are_sorted_as_the_standard_library_does() {
        let mut stream = Stream::new(1, Purpose::Environment);
        for count in 0..200 {
            let mut list: Vec<(u64, usize)> = (0..count).map(|index| (stream.bits() % 20, index)).collect();
            let mut expected = list.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort(&mut list, |a, b| a.0.cmp(&b.0));
            assert_eq!(list, expected);
        }
    }
}
