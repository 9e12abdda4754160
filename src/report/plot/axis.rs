//! An axis: its range, chosen from the data, and its ticks.

/// Values beyond these are drawn at the edge: no quantity of a report comes near them.
const DRAWABLE: std::ops::RangeInclusive<f64> = 1e-24..=1e24;

/// How values stand along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// By their logarithms.
    Log,
    /// By their distance from zero.
    Linear,
}

impl Scale {
    /// What a panel says of its axis.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Log => "log scale",
            Self::Linear => "linear scale",
        }
    }
}

/// An axis from `low` to `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    ladder: Ladder,
}

/// Where the ends and ticks of an axis may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ladder {
    /// At 1, 2 and 5 times the powers of ten.
    Decimal,
    /// At the powers of two.
    Binary,
    /// Evenly from zero on.
    Even,
}

impl Axis {
    /// The axis that shows these values, the least of them with a bar of visible length; it ends on steps. What a log axis cannot show
    /// (zero, negative, not finite) has no say; without any value the axis is 1 to 10.
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        Self::new(values, Ladder::Decimal, (1.5, 1.0))
    }

    /// The same on either scale.
    pub(super) fn scaled(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        match scale {
            Scale::Log => Self::over(values),
            Scale::Linear => Self::from_zero(values),
        }
    }

    /// The axis that shows these values with room for a mark around each, on either scale.
    pub(super) fn scaled_around(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        match scale {
            Scale::Log => Self::around(values),
            Scale::Linear => Self::from_zero(values.map(|value| value * 1.02)),
        }
    }

    /// The axis from zero to a step beyond these values.
    fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        let shown = Self::new(values, Ladder::Decimal, (1.0, 1.0)).high;
        Self {
            low: 0.0,
            high: shown,
            ladder: Ladder::Even,
        }
    }

    /// The axis that shows these values with room for a mark around each.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        Self::new(values, Ladder::Decimal, (1.2, 1.2))
    }

    /// The same for sizes, which ends where they do.
    pub(super) fn binary(values: impl Iterator<Item = f64>) -> Self {
        Self::new(values, Ladder::Binary, (1.2, 1.2))
    }

    /// The axis over values, the least of them divided and the greatest multiplied by a margin.
    fn new(values: impl Iterator<Item = f64>, ladder: Ladder, margins: (f64, f64)) -> Self {
        let (least, greatest) = values
            .filter(|value| value.is_finite() && *value > 0.0)
            .map(|value| value.clamp(*DRAWABLE.start(), *DRAWABLE.end()))
            .fold((f64::INFINITY, 0.0_f64), |(least, greatest), value| {
                (least.min(value), greatest.max(value))
            });
        let (low, high) = if greatest > 0.0 {
            (least / margins.0, greatest * margins.1)
        } else {
            (1.0, 10.0)
        };
        Self {
            low: ladder.at_or_below(low),
            high: ladder.at_or_above(high),
            ladder,
        }
    }

    /// Its ends.
    pub(super) const fn ends(self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// How far along the axis a value stands, 0 to 1; values beyond an end stand at the end.
    pub(super) fn fraction(self, value: f64) -> f64 {
        if self.ladder == Ladder::Even {
            return (value.max(0.0) / self.high).clamp(0.0, 1.0);
        }
        // `max` also turns what is not a number into 0, which stands at the low end.
        let position = value.max(0.0).log10() - self.low.log10();
        (position / (self.high.log10() - self.low.log10())).clamp(0.0, 1.0)
    }

    /// The densest of the usual ladders (1, 2, 5; decades; every second, third, ... decade; or powers of two alike) whose
    /// labels do not touch, which `fits` says.
    pub(super) fn ticks(self, fits: impl Fn(&[f64]) -> bool) -> Vec<f64> {
        if self.ladder == Ladder::Even {
            let even = [20, 10, 5, 4, 2, 1].map(|parts| self.parts(parts));
            return even.into_iter().find(|ticks| fits(ticks)).unwrap_or_default();
        }
        let fine = (self.ladder == Ladder::Decimal).then(|| self.on_steps(&[1.0, 2.0, 5.0], 1));
        let coarse = [1, 2, 3, 5, 10, 20].map(|stride| self.on_steps(&[1.0], stride));
        fine.into_iter()
            .chain(coarse)
            .find(|ticks| fits(ticks))
            .unwrap_or_default()
    }

    /// The ends and what parts the axis evenly.
    fn parts(self, parts: u32) -> Vec<f64> {
        let part = self.high / f64::from(parts);
        (0..=parts).map(|place| f64::from(place) * part).collect()
    }

    /// The multiples of every `stride`-th power of the ladder's base that lie on the axis.
    fn on_steps(self, multiples: &[f64], stride: i32) -> Vec<f64> {
        let first = self.ladder.exponent(self.low);
        let last = self.ladder.exponent(self.high);
        (first..=last)
            .filter(|exponent| exponent % stride == 0)
            .flat_map(|exponent| multiples.iter().map(move |multiple| (*multiple, exponent)))
            .map(|(multiple, exponent)| self.ladder.scaled(multiple, exponent))
            .filter(|value| (self.low * 0.999..=self.high * 1.001).contains(value))
            .collect()
    }
}

impl Ladder {
    /// The largest power of the base that is no larger than a value.
    fn exponent(self, value: f64) -> i32 {
        match self {
            Self::Decimal | Self::Even => value.log10().floor() as i32,
            Self::Binary => value.log2().floor() as i32,
        }
    }

    /// `multiple` times a power of the base, exact where a float can be: dividing by a power of ten is, multiplying by
    /// 0.1 is not.
    fn scaled(self, multiple: f64, exponent: i32) -> f64 {
        match self {
            Self::Binary => multiple * 2_f64.powi(exponent),
            Self::Decimal | Self::Even if exponent < 0 => multiple / 10_f64.powi(-exponent),
            Self::Decimal | Self::Even => multiple * 10_f64.powi(exponent),
        }
    }

    /// The end of an axis that has to show a value.
    fn at_or_below(self, value: f64) -> f64 {
        match self {
            Self::Binary => value,
            Self::Decimal | Self::Even => steps_around(value)
                .into_iter()
                .rfind(|step| *step <= value)
                .unwrap_or(value),
        }
    }

    fn at_or_above(self, value: f64) -> f64 {
        match self {
            Self::Binary => value,
            Self::Decimal | Self::Even => steps_around(value)
                .into_iter()
                .find(|step| *step >= value)
                .unwrap_or(value),
        }
    }
}

/// The steps from the power of ten at or below a value to the next power.
fn steps_around(value: f64) -> [f64; 4] {
    let exponent = Ladder::Decimal.exponent(value);
    [1.0, 2.0, 5.0, 10.0].map(|multiple| Ladder::Decimal.scaled(multiple, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(values: &[f64]) -> (f64, f64) {
        Axis::over(values.iter().copied()).ends()
    }

    #[test]
    fn the_range_ends_on_steps_around_the_data() {
        assert_eq!(ends(&[5e9, 4e12]), (2e9, 5e12));
        assert_eq!(ends(&[1.0]), (0.5, 1.0));
        assert_eq!(Axis::around([4.0, 9.0].into_iter()).ends(), (2.0, 20.0));
    }

    #[test]
    fn a_linear_axis_begins_at_zero_and_is_parted_evenly() {
        let axis = Axis::scaled(Scale::Linear, [3e9, 17e9].into_iter());
        assert_eq!(axis.ends(), (0.0, 20e9));
        assert_eq!(axis.fraction(5e9), 0.25);
        assert_eq!(axis.ticks(|ticks| ticks.len() <= 6), [0.0, 4e9, 8e9, 12e9, 16e9, 20e9]);
    }

    #[test]
    fn what_a_log_axis_cannot_show_has_no_say() {
        let odd = [0.0, -1.0, f64::NAN, f64::INFINITY];
        assert_eq!(ends(&odd), (1.0, 10.0));
        let axis = Axis::over([2.0, 3.0].into_iter());
        assert_eq!(odd.map(|value| axis.fraction(value)), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn ticks_of_sizes_are_powers_of_two() {
        let axis = Axis::binary([60.0, 4000.0].into_iter());
        assert_eq!(
            axis.ticks(|_| true),
            [64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0]
        );
        assert_eq!(axis.ticks(|ticks| ticks.len() <= 3), [64.0, 512.0, 4096.0]);
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
