//! Tables that an editor showed before, to come back to.

use std::collections::VecDeque;

use super::Sheet;

/// Most tables that are kept, and most rows of them all.
const MOST: usize = 100;
const MOST_ROWS: usize = 200_000;

/// Tables as they were before each change, the latest last. Empty ones are not worth keeping.
#[derive(Clone, Debug, Default)]
pub struct Earlier(VecDeque<Sheet>);

impl Earlier {
    /// Keeps a table; the oldest give way.
    pub fn push(&mut self, sheet: Sheet) {
        if sheet.is_empty() || self.0.back() == Some(&sheet) {
            return;
        }
        self.0.push_back(sheet);
        let rows = |kept: &VecDeque<Sheet>| kept.iter().map(Sheet::len).sum::<usize>();
        while self.0.len() > MOST || (self.0.len() > 1 && rows(&self.0) > MOST_ROWS) {
            self.0.pop_front();
        }
    }

    /// The latest table that is not the present one.
    pub fn pop(&mut self, present: &Sheet) -> Option<Sheet> {
        std::iter::from_fn(|| self.0.pop_back()).find(|sheet| sheet != present)
    }

    /// Whether there is no table to come back to.
    pub fn is_empty(&self, present: &Sheet) -> bool {
        self.0.iter().all(|sheet| sheet == present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        let mut sheet = Sheet::default();
        sheet.set(0, 0, text);
        sheet
    }

    #[test]
    fn what_was_there_before_comes_back_in_turn() {
        let mut earlier = Earlier::default();
        for text in ["a", "a", "", "b"] {
            earlier.push(sheet(text));
        }
        assert_eq!(earlier.pop(&sheet("b")), Some(sheet("a")));
        assert!(earlier.is_empty(&sheet("a")) && earlier.pop(&sheet("a")).is_none());
    }

    #[test]
    fn the_oldest_give_way() {
        let mut earlier = Earlier::default();
        for number in 0..1000 {
            earlier.push(sheet(&number.to_string()));
        }
        let mut long = sheet("long");
        (0..MOST_ROWS).for_each(|row| long.add_below(row));
        assert_eq!(earlier.clone().pop(&sheet("")), Some(sheet("999")));
        assert_eq!(earlier.0.len(), MOST);
        earlier.push(long.clone());
        assert_eq!((earlier.0.len(), earlier.pop(&sheet(""))), (1, Some(long)));
    }
}
