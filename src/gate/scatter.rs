//! By how much a case differs from session to session, and what part of that is between the runs of a session.

use std::f64::consts::FRAC_PI_2;

use super::reason::Enough;
use crate::stats::{Deviation, Prediction, median, sorted};

/// Runs that anybody can be asked for.
const MOST_RUNS: f64 = 1000.0;

/// A case over some sessions: of each, the medians of its runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    /// The earlier sessions.
    pub(super) points: Vec<Vec<f64>>,
    /// The session that is judged.
    pub(super) now: Vec<f64>,
    /// The variant of the latest earlier session.
    pub(super) variant: String,
}

impl Series {
    /// The logarithms of the earlier sessions' values.
    pub(super) fn levels(&self) -> Vec<f64> {
        self.points.iter().filter_map(|runs| level(runs)).collect()
    }

    /// The same of the session that is judged.
    pub(super) fn level_now(&self) -> Option<f64> {
        level(&self.now)
    }

    /// Standard deviation of the earlier sessions' logarithms.
    pub(super) fn deviation(&self) -> Option<f64> {
        Deviation::of(&self.levels()).map(|deviation| deviation.estimate)
    }

    /// What is expected of the session; one with fewer runs than those before scatters by so much more.
    pub(super) fn prediction(&self, floor: f64) -> Option<Prediction> {
        let fewer = (1.0 / self.now.len() as f64 - self.mean_inverse_runs()).max(0.0);
        let excess = self.run_variance().unwrap_or_default() * fewer;
        Prediction::of(&self.levels(), floor, excess)
    }

    /// How many runs each session should have for a change of `must_see` to be seen. What the runs contribute to the
    /// scatter of the sessions falls with their number, the rest does not.
    pub(super) fn enough(&self, floor: f64, must_see: f64) -> Enough {
        let Some(of_run) = self.run_variance() else {
            return Enough::Unknown;
        };
        let (Some(deviation), Some(prediction)) = (self.deviation(), Prediction::of(&self.levels(), floor, 0.0)) else {
            return Enough::Unknown;
        };
        let variance = deviation.max(floor).powi(2);
        let of_session = (variance - of_run * self.mean_inverse_runs()).max(0.0);
        let ratio = must_see.ln_1p() / prediction.smallest_change().ln_1p();
        let runs = (of_run / (variance * ratio.powi(2) - of_session)).ceil();
        if (1.0..=MOST_RUNS).contains(&runs) {
            Enough::Runs(runs as u32)
        } else {
            Enough::Never
        }
    }

    fn mean_inverse_runs(&self) -> f64 {
        self.points.iter().map(|runs| 1.0 / runs.len() as f64).sum::<f64>() / self.points.len() as f64
    }

    /// The variance of the median of one run, times what the median of many costs over their mean; none where no session
    /// has several runs.
    fn run_variance(&self) -> Option<f64> {
        let sessions = self.points.iter().chain([&self.now]);
        let (mut squares, mut freedom) = (0.0, 0.0);
        for runs in sessions {
            let logarithms: Vec<f64> = runs.iter().map(|seconds| seconds.ln()).collect();
            let mean = logarithms.iter().sum::<f64>() / logarithms.len() as f64;
            squares += logarithms.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
            freedom += logarithms.len() as f64 - 1.0;
        }
        (freedom > 0.0).then(|| FRAC_PI_2 * squares / freedom)
    }
}

/// The value of a session.
fn level(runs: &[f64]) -> Option<f64> {
    median(&sorted(runs)).map(f64::ln)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions whose runs lie at 1 and whose levels do as well, but for what is given.
    fn series(session: f64, run: f64, runs: usize) -> Series {
        let of = |number: usize| {
            let sign = |number: usize| if number.is_multiple_of(2) { 1.0 } else { -1.0 };
            let of_run = |place: usize| (session * sign(number) + run * sign(place)).exp();
            (0..runs).map(of_run).collect::<Vec<f64>>()
        };
        Series {
            points: (0..8).map(of).collect(),
            now: of(0),
            variant: String::new(),
        }
    }

    #[test]
    fn a_session_of_fewer_runs_is_expected_to_scatter_more() {
        let mut series = series(0.001, 0.01, 10);
        let before = series.prediction(0.0).expect("eight points").deviation;
        series.now.truncate(2);
        let after = series.prediction(0.0).expect("eight points").deviation;
        assert!(after > 3.0 * before, "{before} {after}");
    }

    #[test]
    fn more_runs_help_only_against_what_the_runs_scatter_by() {
        assert_eq!(series(0.1, 0.001, 10).enough(0.0, 0.1), Enough::Never);
        let Enough::Runs(runs) = series(0.0, 0.1, 2).enough(0.06, 0.1) else {
            panic!("runs are enough")
        };
        assert!((10..1000).contains(&runs), "{runs}");
        assert_eq!(series(0.1, 0.0, 1).enough(0.0, 0.1), Enough::Unknown);
    }
}
