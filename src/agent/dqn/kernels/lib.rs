//! The arithmetic of the network: `f32` products of small matrices, the same bit for bit on every machine.
//!
//! A matrix of `rows` x `columns` is kept in *panels* of [`LANES`] columns: `matrix[panel * rows + row][lane]`. Everything is computed in
//! vectors of a panel's width, written out rather than left to the compiler, and a tile of the result stays in registers while it is summed.
//! Each entry of a product is summed over its inner index from first to last.
//! Where most of the inputs are zero (names and levels, an input each), blocks of zeros are passed over; elsewhere looking for them costs
//! more than it saves, so the two are compiled apart. Nothing here is inlined by its callers, which are compiled for size.

mod optimiser;

use wide::{f32x4, f32x8};

pub use optimiser::Optimiser;

/// Columns of a panel.
pub const LANES: usize = 8;
/// A row of a panel.
pub type Lane = [f32; LANES];
/// All zero.
pub const ZERO: Lane = [0.0; LANES];
/// Rows computed at once: with two vector registers each they fit into the sixteen that every machine has.
const TILE: usize = 4;

/// Panels needed for so many columns.
pub fn panels(columns: usize) -> usize {
    columns.div_ceil(LANES)
}

/// `y = x w`, plus a row of biases if there is one. `x` and `y` have `rows` rows; `w` has a row for each column of `x`.
#[inline(never)]
pub fn product(sparse: bool, x: &[Lane], w: &[Lane], bias: Option<&[Lane]>, y: &mut [Lane], rows: usize) {
    if sparse { product_of::<true>(x, w, bias, y, rows) } else { product_of::<false>(x, w, bias, y, rows) }
}

fn product_of<const SPARSE: bool>(x: &[Lane], w: &[Lane], bias: Option<&[Lane]>, y: &mut [Lane], rows: usize) {
    let inputs = x.len() / rows * LANES;
    for (panel, (w, y)) in w.chunks_exact(inputs).zip(y.chunks_exact_mut(rows)).enumerate() {
        let start = f32x8::from(bias.map_or(ZERO, |bias| bias[panel]));
        let (tiles, rest) = y.as_chunks_mut::<TILE>();
        for (index, tile) in tiles.iter_mut().enumerate() {
            *tile = tile_product::<SPARSE, _>(x, rows, index * TILE, w, start);
        }
        let done = rows - rest.len();
        for (index, row) in rest.iter_mut().enumerate() {
            [*row] = tile_product::<SPARSE, _>(x, rows, done + index, w, start);
        }
    }
}

#[inline(always)]
fn tile_product<const SPARSE: bool, const R: usize>(x: &[Lane], rows: usize, first: usize, w: &[Lane], start: f32x8) -> [Lane; R] {
    let mut sum = [start; R];
    for (w, x) in w.as_chunks::<LANES>().0.iter().zip(x.chunks_exact(rows)) {
        let Some(x) = x[first..].first_chunk::<R>() else { continue };
        if SPARSE && is_zero(x) {
            continue;
        }
        let mut add = |w: &Lane, k: usize| {
            let w = f32x8::from(*w);
            sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += w * x[k]);
        };
        // Two at a turn: with one the turns themselves count, with more the sums do not stay in registers.
        for (pair, [w, v]) in w.as_chunks().0.iter().enumerate() {
            add(w, 2 * pair);
            add(v, 2 * pair + 1);
        }
    }
    sum.map(f32x8::to_array)
}

/// `g = transpose(x) d`: the gradient of the weights, from inputs and the gradient of the outputs.
#[inline(never)]
pub fn weight_gradient(sparse: bool, x: &[Lane], d: &[Lane], g: &mut [Lane], rows: usize) {
    if sparse { weight_gradient_of::<true>(x, d, g, rows) } else { weight_gradient_of::<false>(x, d, g, rows) }
}

fn weight_gradient_of<const SPARSE: bool>(x: &[Lane], d: &[Lane], g: &mut [Lane], rows: usize) {
    let inputs = x.len() / rows * LANES;
    for (d, g) in d.chunks_exact(rows).zip(g.chunks_exact_mut(inputs)) {
        for (x, g) in x.chunks_exact(rows).zip(g.as_chunks_mut::<LANES>().0) {
            if SPARSE && is_zero(x) {
                g.fill(ZERO);
                continue;
            }
            let (low, high) = g.split_at_mut(TILE);
            low.copy_from_slice(&half_gradient::<0>(x, d));
            high.copy_from_slice(&half_gradient::<TILE>(x, d));
        }
    }
}

#[inline(always)]
fn half_gradient<const FIRST: usize>(x: &[Lane], d: &[Lane]) -> [Lane; TILE] {
    let mut sum = [f32x8::ZERO; TILE];
    for (x, d) in x.iter().zip(d) {
        let d = f32x8::from(*d);
        for (k, sum) in sum.iter_mut().enumerate() {
            *sum += d * x[FIRST + k];
        }
    }
    sum.map(f32x8::to_array)
}

/// The gradient of the biases: sums over rows.
#[inline(never)]
pub fn bias_gradient(d: &[Lane], g: &mut [Lane], rows: usize) {
    for (d, g) in d.chunks_exact(rows).zip(g) {
        *g = d.iter().fold(f32x8::ZERO, |sum, d| sum + f32x8::from(*d)).to_array();
    }
}

/// Writes the transpose of `w`, which has `rows` rows, a multiple of [`LANES`].
#[inline(never)]
pub fn transpose(w: &[Lane], rows: usize, into: &mut [Lane]) {
    let columns = w.len() / rows * LANES;
    for (panel, w) in w.chunks_exact(rows).enumerate() {
        for (w, into) in w.as_chunks::<LANES>().0.iter().zip(into.chunks_exact_mut(columns)) {
            let Some(block) = into[panel * LANES..].first_chunk_mut() else { continue };
            transpose_block(w, block);
        }
    }
}

/// A block in quarters, each of which fits into registers.
#[inline(always)]
fn transpose_block(w: &[Lane; LANES], into: &mut [Lane; LANES]) {
    const HALF: usize = LANES / 2;
    for (below, right) in [(0, 0), (0, HALF), (HALF, 0), (HALF, HALF)] {
        let row = |row: usize| f32x4::new(std::array::from_fn(|column| w[below + row][right + column]));
        for (into, row) in into[right..].iter_mut().zip(f32x4::transpose(std::array::from_fn(row))) {
            into[below..][..HALF].copy_from_slice(&row.to_array());
        }
    }
}

/// `y = max(y, 0)`.
#[inline(never)]
pub fn rectify(y: &mut [Lane]) {
    for y in y {
        let value = f32x8::from(*y);
        *y = (value.simd_gt(f32x8::ZERO) & value).to_array();
    }
}

/// The gradient passes where the rectified unit was active.
#[inline(never)]
pub fn rectify_gradient(y: &[Lane], d: &mut [Lane]) {
    for (d, y) in d.iter_mut().zip(y) {
        *d = (f32x8::from(*y).simd_gt(f32x8::ZERO) & f32x8::from(*d)).to_array();
    }
}

/// Sum of squares, lane by lane and then over the lanes.
#[inline(never)]
pub fn square_norm(g: &[Lane]) -> f32 {
    let squares = g.iter().map(|g| f32x8::from(*g)).map(|g| g * g);
    squares.fold(f32x8::ZERO, |sum, square| sum + square).to_array().iter().fold(0.0, |total, lane| total + lane)
}

/// Whether a block adds nothing. A call of its own: in the middle of the inner loop it would keep the sums out of their registers.
#[inline(never)]
fn is_zero(block: &[Lane]) -> bool {
    let occupied = block.iter().fold(f32x8::ZERO, |occupied, row| occupied | f32x8::from(*row).simd_ne(f32x8::ZERO));
    !occupied.any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize, seed: usize) -> Vec<Lane> {
        let mut matrix = vec![ZERO; panels(columns) * rows];
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            matrix[column / LANES * rows + row][column % LANES] = ((row * 7 + column * 13 + seed) % 11) as f32 - 5.0;
        }
        matrix
    }

    fn at(matrix: &[Lane], rows: usize, row: usize, column: usize) -> f32 {
        matrix[column / LANES * rows + row][column % LANES]
    }

    #[test]
    fn products_gradients_and_transposes_are_those_of_the_definition() {
        let (rows, inputs, outputs) = (6, 16, 24);
        let (x, w, d, bias) = (matrix(rows, inputs, 1), matrix(inputs, outputs, 2), matrix(rows, outputs, 3), matrix(1, outputs, 4));
        let (mut y, mut g, mut t) = (matrix(rows, outputs, 0), matrix(inputs, outputs, 0), matrix(outputs, inputs, 0));
        product(false, &x, &w, Some(&bias), &mut y, rows);
        weight_gradient(false, &x, &d, &mut g, rows);
        transpose(&w, inputs, &mut t);
        for o in 0..outputs {
            for r in 0..rows {
                let sum: f32 = (0..inputs).map(|i| at(&x, rows, r, i) * at(&w, inputs, i, o)).sum();
                assert_eq!(at(&y, rows, r, o), sum + bias[o / LANES][o % LANES]);
            }
            for i in 0..inputs {
                assert_eq!(at(&g, inputs, i, o), (0..rows).map(|r| at(&x, rows, r, i) * at(&d, rows, r, o)).sum::<f32>());
                assert_eq!(at(&t, outputs, o, i), at(&w, inputs, i, o));
            }
        }
    }

    #[test]
    fn blocks_of_zeros_change_nothing() {
        let (rows, inputs, outputs) = (5, 32, 16);
        let (mut x, w, d) = (matrix(rows, inputs, 1), matrix(inputs, outputs, 2), matrix(rows, outputs, 3));
        x[rows..3 * rows].fill(ZERO);
        x[0] = ZERO;
        let results = |sparse: bool| {
            let (mut y, mut g) = (matrix(rows, outputs, 4), matrix(inputs, outputs, 5));
            product(sparse, &x, &w, None, &mut y, rows);
            weight_gradient(sparse, &x, &d, &mut g, rows);
            (y, g)
        };
        assert_eq!(results(true), results(false));
    }
}
