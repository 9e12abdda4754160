//! How far values lie apart, whatever a few of them do.

use super::order::{median, sorted};

/// First and third quartile of values in ascending order, interpolated between order statistics (type 7 of Hyndman and
/// Fan, Sample quantiles in statistical packages, Am. Stat. 50, 1996: the default of R and numpy). None of none.
#[must_use]
pub fn quartiles(ascending: &[f64]) -> Option<(f64, f64)> {
    Some((quantile(ascending, 0.25)?, quantile(ascending, 0.75)?))
}

fn quantile(ascending: &[f64], fraction: f64) -> Option<f64> {
    let place = fraction * ascending.len().checked_sub(1)? as f64;
    let lower = ascending[place.floor() as usize];
    let upper = ascending[place.ceil() as usize];
    Some(lower + place.fract() * (upper - lower))
}

/// How many values lie more than three times the interquartile range above the third quartile: Tukey's "far out"
/// (Exploratory Data Analysis, 1977, section 2D). Times are never far out below.
#[must_use]
pub fn outliers(ascending: &[f64]) -> usize {
    let fence = quartiles(ascending).map_or(f64::INFINITY, |(first, third)| third + 3.0 * (third - first));
    ascending.iter().filter(|value| **value > fence).count()
}

/// Median of the distances from the median, not scaled (Hampel, The influence curve and its role in robust estimation,
/// J. Am. Stat. Assoc. 69, 1974). None of none.
#[must_use]
pub fn median_absolute_deviation(ascending: &[f64]) -> Option<f64> {
    let middle = median(ascending)?;
    median(&sorted(
        &ascending.iter().map(|value| (value - middle).abs()).collect::<Vec<_>>(),
    ))
}

/// The median absolute deviation times 1.4826, which is the standard deviation of normal values. None of none.
#[must_use]
pub fn robust_deviation(ascending: &[f64]) -> Option<f64> {
    median_absolute_deviation(ascending).map(|deviation| 1.4826 * deviation)
}

/// How many different values there are among values in ascending order.
#[must_use]
pub fn distinct(ascending: &[f64]) -> usize {
    ascending.chunk_by(|a, b| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_values() {
        assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0]), Some((1.75, 3.25)));
        assert_eq!(quartiles(&[1.0]), Some((1.0, 1.0)));
        assert_eq!(quartiles(&[]), None);
    }

    /// Quartiles 2 and 4, so the fence is at 10.
    #[test]
    fn what_is_far_out_is_counted() {
        assert_eq!(outliers(&[1.0, 2.0, 3.0, 4.0, 10.0]), 0);
        assert_eq!(outliers(&[1.0, 2.0, 3.0, 4.0, 10.5]), 1);
        assert_eq!(outliers(&[]), 0);
    }

    #[test]
    fn the_median_deviation_is_blind_to_a_few() {
        assert_eq!(
            median_absolute_deviation(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]),
            Some(1.0)
        );
        assert_eq!(median_absolute_deviation(&[3.0, 3.0, 3.0, 3.0, 900.0]), Some(0.0));
        assert_eq!(median_absolute_deviation(&[]), None);
    }

    #[test]
    fn equal_values_count_once() {
        assert_eq!(distinct(&[1.0, 1.0, 2.0, 3.0, 3.0]), 3);
        assert_eq!(distinct(&[]), 0);
    }
}
