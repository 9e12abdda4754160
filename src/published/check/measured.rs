//! Rules of `measured.csv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::published::problem::Problem;
use crate::published::rows::Measured;
use crate::published::vocabulary::{MeasuredKernel, MeasuredMetric, Standing};

/// How far a rate may stand from the one that follows from the time of the same run: both are rounded.
const ROUNDING: f64 = 0.005;

pub(super) fn check(measured: &[Measured], problems: &mut Vec<Problem>) {
    for row in measured {
        let mut wrong = |column, message: String| problems.push(row.location.problem(column, message));
        if row.value.is_zero() {
            wrong(
                "value",
                "value is not positive; remove the row if it is unknown".to_owned(),
            );
        }
        if !is_shape(&row.shape) {
            let message = format!(
                "shape `{}` is not canonical; write key=value,key=value without spaces",
                row.shape
            );
            wrong("shape", message);
        }
        if row.standing == Standing::Rejected && row.note.is_empty() {
            wrong("note", "rejected without a reason; give it in note".to_owned());
        }
    }
    rates_follow_from_times(measured, problems);
}

fn is_shape(text: &str) -> bool {
    static SHAPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[a-z_]+=[^,=\s]+(,[a-z_]+=[^,=\s]+)*$").expect("a valid pattern"));
    SHAPE.is_match(text)
}

/// A GEMM time and a GEMM rate of one shape, chip and source describe one run.
fn rates_follow_from_times(measured: &[Measured], problems: &mut Vec<Problem>) {
    let mut runs: BTreeMap<_, (Option<&Measured>, Option<&Measured>)> = BTreeMap::new();
    for row in measured.iter().filter(|row| row.kernel == MeasuredKernel::Gemm) {
        let run = runs.entry((&row.chip, &row.source, &row.shape)).or_default();
        match row.metric {
            MeasuredMetric::Time => run.0 = Some(row),
            MeasuredMetric::Throughput => run.1 = Some(row),
            MeasuredMetric::Bandwidth | MeasuredMetric::TokensPerSecond => {}
        }
    }
    for (time, rate) in runs.into_values().filter_map(|(time, rate)| time.zip(rate)) {
        let Some(operations) = gemm_operations(&time.shape) else {
            continue;
        };
        let (seconds, rate_given) = (time.value.value(), rate.value.value());
        let follows = operations / seconds;
        if seconds > 0.0 && (rate_given / follows - 1.0).abs() > ROUNDING {
            let message = format!(
                "rate {rate_given} does not follow from the time of `{}`, which gives {follows:.0}; correct one of them",
                time.id
            );
            problems.push(rate.location.problem("value", message));
        }
    }
}

/// 2mnk of a shape that is exactly `m=..,n=..,k=..` in whole numbers.
fn gemm_operations(shape: &str) -> Option<f64> {
    let mut parts = shape.split(',');
    let mut dimension = |name: &str| -> Option<f64> {
        let (key, digits) = parts.next()?.split_once('=')?;
        let whole = key == name && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|_| whole)
    };
    let (m, n, k) = (dimension("m")?, dimension("n")?, dimension("k")?);
    parts.next().is_none().then_some(2.0 * m * n * k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_gemm_shapes_have_an_operation_count() {
        assert_eq!(gemm_operations("m=2,n=3,k=5"), Some(60.0));
        for shape in ["m=2,n=3", "m=?,n=3,k=5", "m=2,n=3,k=5,sweep=max", "n=2,m=3,k=5"] {
            assert_eq!(gemm_operations(shape), None, "{shape}");
        }
    }
}
