//! How long what is left of a plan will take, judged by how long the rest took. It knows no clock.

use crate::kernels::Case;

/// What is known of each place of a plan.
#[derive(Debug)]
pub(super) struct Forecast {
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    case: Case,
    /// Runs that have it still before them.
    left: u32,
    took: Mean,
}

/// Seconds, and of how many cases.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    seconds: f64,
    count: u32,
}

impl Forecast {
    /// A plan that every run has still before it.
    pub(super) fn new(plan: &[Case], runs: u32) -> Self {
        let place = |case: &Case| Place {
            case: case.clone(),
            left: runs,
            took: Mean::default(),
        };
        Self {
            places: plan.iter().map(place).collect(),
        }
    }

    /// Takes notice that a case is finished, and how long it took.
    pub(super) fn finished(&mut self, place: u32, seconds: f64) {
        if let Some(place) = self.places.get_mut(place as usize) {
            place.left = place.left.saturating_sub(1);
            place.took = place.took.and(Mean { seconds, count: 1 });
        }
    }

    /// Seconds that the rest will take; none as long as nothing is finished. A case will take what it took before, or if
    /// it has not been measured yet what others of its kernel took, or failing that what any took.
    pub(super) fn left(&self) -> Option<f64> {
        let any = self.mean_of(|_| true)?;
        let seconds = |place: &Place| {
            let same = self.mean_of(|other| *other == place.case);
            let alike = || self.mean_of(|other| other.kernel == place.case.kernel);
            f64::from(place.left) * same.or_else(alike).unwrap_or(any)
        };
        Some(self.places.iter().filter(|place| place.left > 0).map(seconds).sum())
    }

    fn mean_of(&self, counts: impl Fn(&Case) -> bool) -> Option<f64> {
        let places = self.places.iter().filter(|place| counts(&place.case));
        let mean = places.fold(Mean::default(), |sum, place| sum.and(place.took));
        (mean.count > 0).then(|| mean.seconds / f64::from(mean.count))
    }
}

impl Mean {
    fn and(self, other: Self) -> Self {
        Self {
            seconds: self.seconds + other.seconds,
            count: self.count + other.count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Precision;

    fn copy(n: u64) -> Case {
        Case::hot("copy", Precision::F32, "", &[("n", n)])
    }

    fn matmul() -> Case {
        Case::hot("matmul", Precision::F32, "nn", &[("m", 8), ("n", 8), ("k", 8)])
    }

    #[test]
    fn nothing_is_known_at_first_and_nothing_is_left_at_last() {
        let mut forecast = Forecast::new(&[copy(1)], 1);
        assert_eq!(forecast.left(), None);
        forecast.finished(0, 2.0);
        assert_eq!(forecast.left(), Some(0.0));
        assert_eq!(Forecast::new(&[], 3).left(), None);
    }

    #[test]
    fn a_case_takes_what_it_took_before_else_what_its_kernel_took_else_what_any_took() {
        let plan = [copy(1), copy(2), matmul(), copy(1)];
        let mut forecast = Forecast::new(&plan, 2);
        forecast.finished(0, 1.0);
        assert_eq!(forecast.left(), Some(7.0));
        forecast.finished(1, 3.0);
        // copy(1) in the second run and twice at place 3 takes 1, copy(2) 3, and matmul the mean of all, twice.
        assert_eq!(forecast.left(), Some(1.0 + 2.0 + 3.0 + 4.0));
        forecast.finished(2, 10.0);
        assert_eq!(forecast.left(), Some(1.0 + 2.0 + 3.0 + 10.0));
    }

    #[test]
    fn a_place_outside_the_plan_changes_nothing() {
        let mut forecast = Forecast::new(&[copy(1)], 1);
        forecast.finished(7, 1.0);
        assert_eq!(forecast.left(), None);
    }
}
