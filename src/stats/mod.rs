//! Statistics, each with where it comes from and what it assumes. Nothing here knows what is measured.

mod multiplicity;
mod order;
mod rank_sum;
mod ranks;
mod shift;

pub use multiplicity::benjamini_hochberg;
pub use order::{median, median_interval, sorted};
pub use rank_sum::{RankSum, critical_pairs, rank_sum_test};
pub use shift::{Effects, Shift};
