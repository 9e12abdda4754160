//! A log10 axis: its range, chosen from the data, and its ticks.

/// Values beyond these are drawn at the edge: no quantity of a report comes near them.
const DRAWABLE: std::ops::RangeInclusive<f64> = 1e-24..=1e24;

/// A log axis from `low` to `high`, both on a step of 1, 2, 5, 10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// The axis that shows these values, the least of them with a bar of visible length. What a log axis cannot show
    /// (zero, negative, not finite) has no say; without any value the axis is 1 to 10.
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        let (least, greatest) = values
            .filter(|value| value.is_finite() && *value > 0.0)
            .map(|value| value.clamp(*DRAWABLE.start(), *DRAWABLE.end()))
            .fold((f64::INFINITY, 0.0_f64), |(least, greatest), value| {
                (least.min(value), greatest.max(value))
            });
        if greatest <= 0.0 {
            return Self { low: 1.0, high: 10.0 };
        }
        let low = step_at_or_below(least / 1.5);
        let high = step_at_or_above(greatest);
        Self { low, high }
    }

    /// Its ends.
    pub(super) const fn ends(self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// How far along the axis a value stands, 0 to 1; values beyond an end stand at the end.
    pub(super) fn fraction(self, value: f64) -> f64 {
        // `max` also turns what is not a number into 0, which stands at the low end.
        let position = value.max(0.0).log10() - self.low.log10();
        (position / (self.high.log10() - self.low.log10())).clamp(0.0, 1.0)
    }

    /// The densest of the usual ladders (1, 2, 5; decades; every second, third, ... decade) whose labels do not touch,
    /// which `fits` says.
    pub(super) fn ticks(self, fits: impl Fn(&[f64]) -> bool) -> Vec<f64> {
        let fine = self.on_steps(&[1.0, 2.0, 5.0], 1);
        let coarse = [1, 2, 3, 5, 10, 20].map(|stride| self.on_steps(&[1.0], stride));
        std::iter::once(fine)
            .chain(coarse)
            .find(|ticks| fits(ticks))
            .unwrap_or_default()
    }

    /// The multiples of every `stride`-th power of ten that lie on the axis.
    fn on_steps(self, multiples: &[f64], stride: i32) -> Vec<f64> {
        let first = exponent(self.low);
        let last = exponent(self.high);
        (first..=last)
            .filter(|exponent| exponent % stride == 0)
            .flat_map(|exponent| multiples.iter().map(move |multiple| scaled(*multiple, exponent)))
            .filter(|value| (self.low * 0.999..=self.high * 1.001).contains(value))
            .collect()
    }
}

/// `multiple` x 10^`exponent`, exact where a float can be: dividing by a power of ten is, multiplying by 0.1 is not.
fn scaled(multiple: f64, exponent: i32) -> f64 {
    if exponent < 0 {
        multiple / 10_f64.powi(-exponent)
    } else {
        multiple * 10_f64.powi(exponent)
    }
}

fn exponent(value: f64) -> i32 {
    value.log10().floor() as i32
}

fn step_at_or_below(value: f64) -> f64 {
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| scaled(step, exponent(value)));
    steps.into_iter().rfind(|step| *step <= value).unwrap_or(steps[0])
}

fn step_at_or_above(value: f64) -> f64 {
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| scaled(step, exponent(value)));
    steps.into_iter().find(|step| *step >= value).unwrap_or(steps[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_ends_on_steps_around_the_data() {
        let axis = Axis::over([5e9, 4e12].into_iter());
        assert_eq!(axis, Axis { low: 2e9, high: 5e12 });
        assert_eq!(Axis::over([1.0].into_iter()), Axis { low: 0.5, high: 1.0 });
    }

    #[test]
    fn what_a_log_axis_cannot_show_has_no_say() {
        let odd = [0.0, -1.0, f64::NAN, f64::INFINITY];
        assert_eq!(Axis::over(odd.into_iter()), Axis { low: 1.0, high: 10.0 });
        let axis = Axis::over([2.0, 3.0].into_iter());
        assert_eq!(odd.map(|value| axis.fraction(value)), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn ticks_thin_out_until_their_labels_are_clear() {
        let axis = Axis::over([1.5, 9e3].into_iter());
        let at_most = |count: usize| axis.ticks(|ticks| ticks.len() <= count);
        assert_eq!(at_most(20)[..4], [1.0, 2.0, 5.0, 10.0]);
        assert_eq!(at_most(6), [1.0, 10.0, 100.0, 1e3, 1e4]);
        assert_eq!(at_most(3), [1.0, 100.0, 1e4]);
        assert!(at_most(0).is_empty());
    }
}
