//! Matrix products.

use crate::kernels::{Case, Precision, Work};

/// C = A B with A of m x k, B of k x n and C of m x n elements.
///
/// How the operands lie in memory (`nn`, `nt`: B is stored transposed, `tn`: A is) changes neither operations nor bytes.
/// With m = 1 it is a product of a matrix and a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// Rows of A and C.
    pub m: u64,
    /// Columns of B and C.
    pub n: u64,
    /// Columns of A, rows of B.
    pub k: u64,
}

/// Bytes of one stored element of the operands of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Of A, usually the activations.
    pub a: u64,
    /// Of B, usually the weights.
    pub b: u64,
    /// Of C.
    pub c: u64,
}

impl Sizes {
    /// Both inputs stored in `precision`, the result as [`Precision::result_bytes`] says.
    #[must_use]
    pub const fn of(precision: Precision) -> Self {
        Self {
            a: precision.bytes(),
            b: precision.bytes(),
            c: precision.result_bytes(),
        }
    }

    /// The same for the precision of a case.
    #[must_use]
    pub fn of_case(case: &Case) -> Self {
        case.precision.map_or(Self { a: 0, b: 0, c: 0 }, Self::of)
    }
}

/// One product: F = 2 m n k, B = A and B read once, C written once.
#[must_use]
pub const fn product(of: Product, sizes: Sizes) -> Work {
    batched(1, of, sizes)
}

/// `batch` products, each of its own operands.
#[must_use]
pub const fn batched(batch: u64, Product { m, n, k }: Product, sizes: Sizes) -> Work {
    Work {
        operations: batch * 2 * m * n * k, // one multiply, one add for each of m n k terms
        read: batch * (m * k * sizes.a + k * n * sizes.b),
        written: batch * m * n * sizes.c,
    }
}

/// The products of a mixture of experts: `groups` experts that have at least one row, `of.m` rows each. The weights of
/// each of them are read once, those of experts without rows not at all, and rows that pad a group are no work.
#[must_use]
pub const fn grouped(groups: u64, of: Product, sizes: Sizes) -> Work {
    batched(groups, of, sizes)
}

/// A product whose weights are stored in 8 bits with a factor in f32 for each column, everything else in `stored` bytes.
#[must_use]
pub const fn weights_in_8_bits(of: Product, stored: u64) -> Work {
    let sizes = Sizes {
        a: stored,
        b: 1,
        c: stored,
    };
    let Work {
        operations,
        read,
        written,
    } = product(of, sizes);
    Work {
        operations: operations + of.m * of.n, // each sum is multiplied once
        read: read + of.n * Precision::F32.bytes(),
        written,
    }
}
