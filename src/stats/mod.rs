//! Statistics, each with where it comes from and what it assumes. Nothing here knows what is measured.

mod change_points;
mod flags;
mod multiplicity;
mod noise;
mod order;
mod prediction;
mod rank_sum;
mod ranks;
mod sample_median;
mod serial;
mod shift;
mod spread;
mod trend;

pub use change_points::{ChangePoint, Detector, Method, Settings};
pub use flags::{Flag, Flags, JUDGED_FROM, Mode};
pub use multiplicity::benjamini_hochberg;
pub use noise::{Deviation, LEAST_CHANGE};
pub use order::{median, median_interval, sorted};
pub use prediction::Prediction;
pub use rank_sum::{RankSum, critical_pairs, rank_sum_test};
pub use sample_median::{CONFIDENCE, SampleMedian, UNSTABLE};
pub use serial::{inflation_of_median, rank_autocorrelation};
pub use shift::{Effects, Shift};
pub use spread::{distinct, median_absolute_deviation, outliers, quartiles, robust_deviation};
pub use trend::{MannKendall, inflation_of_trend, mann_kendall, theil_sen};
