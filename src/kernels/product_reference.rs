//! The right answers of matrix products, and how far from them a correct kernel may be.

use super::product::{extents, stored_result};
use super::storage::{rounding, stored};
use super::work::Product;
use super::{Case, Expected, Precision};
use crate::parallel::chunked;

/// Extents as indices.
fn sizes(case: &Case) -> [usize; 3] {
    let Product { m, n, k } = extents(case);
    [m, n, k].map(|extent| usize::try_from(extent).unwrap_or(usize::MAX))
}

/// C of one product of a batch, from the operands that `of_a` and `of_b` number.
pub(super) fn one(case: &Case, operands: [&[f64]; 2], of: [usize; 2]) -> Vec<Expected> {
    stored_as(stored_result(case), sums(case, operands, of))
}

/// The same sums once they are stored.
pub(super) fn stored_as(precision: Precision, mut sums: Vec<Expected>) -> Vec<Expected> {
    for sum in &mut sums {
        sum.tolerance += rounding(precision, sum.value);
    }
    sums
}

/// C of one product before it is stored.
pub(super) fn sums(case: &Case, [a, b]: [&[f64]; 2], [of_a, of_b]: [usize; 2]) -> Vec<Expected> {
    let [m, n, k] = sizes(case);
    let a = &a[of_a * m * k..][..m * k];
    let b = &b[of_b * k * n..][..k * n];
    match case.layout.as_str() {
        "nt" => rows_by_columns(case, a, &transposed(b, k)),
        "tn" => rows_by_columns(case, &transposed(a, m), b),
        _ => rows_by_columns(case, a, b),
    }
}

/// Rows of `width` elements as columns.
fn transposed(rows: &[f64], width: usize) -> Vec<f64> {
    let column = |c: usize| rows.iter().skip(c).step_by(width).copied();
    (0..width).flat_map(column).collect()
}

/// C = A B, both row-major.
///
/// An inner product of length k in any order of summation is off by at most 8 sqrt(k) roundoffs of the sum of
/// magnitudes, but for a probability of 2 k exp(-8^2 / 2), below 1e-10 for every k here (Higham and Mary, A new approach
/// to probabilistic rounding error analysis, 2019, theorem 3.1); for short products k roundoffs are the smaller, certain
/// bound. The sum of magnitudes is at most the product of the Euclidean norms of row and column (Cauchy-Schwarz). Inputs
/// are exact as they are stored. Sums of whole numbers are exact, and rounded to f32 before they are stored: twice the
/// roundoff covers what that adds to the rounding that follows.
fn rows_by_columns(case: &Case, a: &[f64], b: &[f64]) -> Vec<Expected> {
    let [_, n, k] = sizes(case);
    let mut column_squares = vec![0.0; n];
    for row in b.chunks_exact(n) {
        for (square, value) in column_squares.iter_mut().zip(row) {
            *square += value * value;
        }
    }
    let unit = Precision::F32.unit_roundoff();
    let roundoffs = (k as f64).min(8.0 * (k as f64).sqrt()) * unit;
    let whole = stored(case) == Precision::I8;
    let expected = |a_row: &[f64], sums: &[f64]| {
        let row_square: f64 = a_row.iter().map(|value| value * value).sum();
        let of_sum = |(value, square): (&f64, &f64)| Expected {
            value: *value,
            tolerance: if whole {
                2.0 * unit * value.abs()
            } else {
                roundoffs * (row_square * square).sqrt()
            },
        };
        sums.iter().zip(&column_squares).map(of_sum).collect::<Vec<_>>()
    };
    // A few rows at a time, so that a row of B serves them all while it is at hand.
    let rows_of_c = |a_rows: &[f64]| {
        let mut sums = vec![0.0; a_rows.len() / k * n];
        for (l, b_row) in b.chunks_exact(n).enumerate() {
            for (a_row, sums) in a_rows.chunks_exact(k).zip(sums.chunks_exact_mut(n)) {
                for (sum, value) in sums.iter_mut().zip(b_row) {
                    *sum += a_row[l] * value;
                }
            }
        }
        let rows = a_rows.chunks_exact(k).zip(sums.chunks_exact(n));
        rows.flat_map(|(a_row, sums)| expected(a_row, sums)).collect::<Vec<_>>()
    };
    chunked(a, k, |rows| rows.chunks(8 * k).flat_map(rows_of_c).collect())
}
