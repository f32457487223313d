//! A shelf as a camera above the aisle sees it: boxes on four boards, in changing light, with noise, and now and then a customer in the way.
//!
//! What can be told from a picture is what a camera could tell: two stocks look alike only where somebody stands in front of the last box.

use crate::mdp::{Glimpse, Medium, Observation, Sensor, State};
use crate::random::{Stream, below};

const WIDTH: u32 = 16;
const HEIGHT: u32 = 12;
const BOARDS: u32 = 4;
/// Pixels of a board with what stands on it, the board's own edge the lowest.
const BOARD_HEIGHT: u32 = HEIGHT / BOARDS;
/// Most boxes that a picture can show, two columns of pixels each.
pub const MOST_BOXES: u32 = BOARDS * WIDTH / 2;

const WALL: i32 = 48;
const EDGE: i32 = 96;
const DARKEST_BOX: i32 = 150;
const BOX_SHADES: u32 = 80;
const CUSTOMER: i32 = 24;
const CUSTOMER_WIDTH: u32 = 3;
/// One picture in so many has a customer in it.
const PICTURES_A_CUSTOMER: u32 = 3;
/// Light, out of 256 parts.
const DIMMEST: u32 = 192;
/// Noise of a pixel: the difference of two uniform numbers below this.
const NOISE: u32 = 32;

/// A camera on a shelf whose state is the number of boxes on it.
pub struct Shelf {
    /// Boxes that stand side by side on a board.
    columns: u32,
}

impl Shelf {
    /// A shelf for so many boxes, at most [`MOST_BOXES`].
    pub fn new(capacity: u32) -> Self {
        Self { columns: capacity.div_ceil(BOARDS).max(1) }
    }

    /// Where a box stands: its first column and row of pixels, and how wide it is. The lowest board is filled first, from the left.
    fn place(&self, number: u32) -> (u32, u32, u32) {
        let width = WIDTH / self.columns;
        let board = BOARDS - 1 - (number / self.columns).min(BOARDS - 1);
        // Boxes wide enough leave a gap between them.
        (number % self.columns * width, board * BOARD_HEIGHT, if width > 2 { width - 1 } else { width })
    }
}

impl Sensor for Shelf {
    fn medium(&self) -> Medium {
        Medium::Pixels { width: WIDTH, height: HEIGHT }
    }

    fn glimpse(&self, _before: Option<(State, Glimpse)>, _state: State, chance: u64) -> Glimpse {
        Glimpse(chance)
    }

    fn observe(&self, state: State, glimpse: Glimpse) -> Observation {
        let mut chance = Stream::of(glimpse.0);
        let mut draw = |count: u32| below((chance.bits() >> 32) as u32, count);
        let mut scene = [WALL; (WIDTH * HEIGHT) as usize];
        let mut paint = |column: u32, row: u32, brightness: i32| {
            if let Some(pixel) = scene.get_mut((row * WIDTH + column) as usize).filter(|_| column < WIDTH) {
                *pixel = brightness;
            }
        };
        for (board, column) in (0..BOARDS).flat_map(|board| (0..WIDTH).map(move |column| (board, column))) {
            paint(column, (board + 1) * BOARD_HEIGHT - 1, EDGE);
        }
        for number in 0..state.0 {
            let (left, top, width) = self.place(number);
            let shade = DARKEST_BOX + draw(BOX_SHADES) as i32;
            for (row, column) in (top..top + BOARD_HEIGHT - 1).flat_map(|row| (left..left + width).map(move |column| (row, column))) {
                paint(column, row, shade);
            }
        }
        if draw(PICTURES_A_CUSTOMER) == 0 {
            // Heads end at different heights, and a customer may be half out of the picture.
            let (left, top) = (draw(WIDTH), draw(HEIGHT / 2));
            for (row, column) in (top..HEIGHT).flat_map(|row| (left..left + CUSTOMER_WIDTH).map(move |column| (row, column))) {
                paint(column, row, CUSTOMER);
            }
        }
        let light = (DIMMEST + draw(256 - DIMMEST)) as i32;
        let grey = scene.map(|brightness| {
            let bits = chance.bits();
            let noise = below(bits as u32, NOISE) as i32 - below((bits >> 32) as u32, NOISE) as i32;
            (brightness * light / 256 + noise).clamp(0, 255) as u8
        });
        Observation::Pixels { width: WIDTH, height: HEIGHT, grey: grey.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn grey(shelf: &Shelf, stock: u32, glimpse: u64) -> Vec<u8> {
        match shelf.observe(State(stock), Glimpse(glimpse)) {
            Observation::Pixels { grey, .. } => grey,
            text => panic!("{text:?}"),
        }
    }

    #[test]
    fn a_picture_is_given_by_stock_and_glimpse_and_noise_hides_neither() {
        let shelf = Shelf::new(20);
        assert_eq!(grey(&shelf, 7, 1), grey(&shelf, 7, 1));
        assert_ne!(grey(&shelf, 7, 1), grey(&shelf, 7, 2));
        let mut chance = Stream::new(1, Purpose::Observation);
        let mut mean = |stock: u32| {
            let total: u32 = (0..500).flat_map(|_| grey(&shelf, stock, chance.bits())).map(u32::from).sum();
            f64::from(total) / 500.0
        };
        let brightness: Vec<f64> = (0..=20).map(&mut mean).collect();
        // A box is four pixels, each some hundred brighter than the wall, in dim light and at times behind a customer.
        assert!(brightness.is_sorted() && (400.0..550.0).contains(&((brightness[20] - brightness[0]) / 20.0)), "{brightness:?}");
    }

    #[test]
    fn every_box_has_a_place_of_its_own_in_the_picture() {
        for capacity in 1..=MOST_BOXES {
            let shelf = Shelf::new(capacity);
            let places: std::collections::BTreeSet<_> = (0..capacity).map(|number| shelf.place(number)).collect();
            assert_eq!(places.len() as u32, capacity);
            assert!(places.iter().all(|(left, top, width)| left + width <= WIDTH && top + BOARD_HEIGHT <= HEIGHT && *width > 0));
        }
    }
}
