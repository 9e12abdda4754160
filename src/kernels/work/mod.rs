//! The work model: how many operations a kernel's answer takes, and how many bytes have to move for it, whoever computes
//! it. Pure functions of extents and of the bytes of a stored element; `tests/work_models/` counts the same by walking
//! through plain loops.
//!
//! Conventions, the same everywhere:
//!
//! - A multiply-add is two operations; a sum of n terms is n additions, the first to zero. Divisions, square roots and
//!   logarithms are one each. Comparisons, negations and index arithmetic are none.
//! - An exponential is one operation in the kernels that memory binds, and none in attention, where, as in the literature,
//!   only the matrix products count.
//! - Bytes are compulsory: every distinct element that is needed is read once, every element of the result written once,
//!   at its stored size. What a kernel could keep to itself (partial sums, statistics of a row) moves no bytes.
//! - Computing something again that was computed before is not work, but for the scores in attention backward, as in the
//!   literature. Backward kernels get the inputs of their forward kernel.

mod attention;
mod product;
mod rows;

pub use attention::{Attention, attention, attention_backward, latent_attention, visible_pairs};
pub use product::{Product, Sizes, batched, grouped, product, weights_in_8_bits};
pub use rows::{
    AdamwSizes, INDEX_BYTES, LOSS_BYTES, adamw, add, cross_entropy, cross_entropy_backward, gather, rms_norm,
    rms_norm_backward, rotary, softmax, swiglu, swiglu_backward,
};
