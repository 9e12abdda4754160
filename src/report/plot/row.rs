//! What a row of a panel says: the words at its end, and the form of its bar.

use super::palette::{self, ALERT, CEILING, Color, DEVICE, INK, MUTED, OTHER};
use super::{Bar, BarKind, BarValue};
use crate::units::{Interval, Unit, prefixed, quantity, significant};

/// The form of a bar, apart from where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// No bar: the words say why.
    Absent,
    /// A bar to `to`, with an error bar where the interval has a width.
    Solid {
        /// The value.
        to: f64,
        /// Ends of the error bar.
        interval: (f64, f64),
        /// Filled, or outlined as a published figure.
        filled: bool,
    },
    /// An outlined bar to the low end, and a striped band from there to the high end.
    Range {
        /// Where the band starts.
        low: f64,
        /// Where it ends.
        high: f64,
    },
    /// An outlined bar to a floor, and an arrow on from there.
    AtLeast {
        /// The floor.
        low: f64,
    },
    /// A stop at the limit, and an arrow back from there.
    AtMost {
        /// The limit.
        high: f64,
    },
}

impl Form {
    /// The values that the axis has to show.
    pub(super) fn extent(self) -> [Option<f64>; 3] {
        match self {
            Self::Absent => [None; 3],
            Self::Solid { to, interval, .. } => [Some(to), Some(interval.0), Some(interval.1)],
            Self::Range { low, high } => [Some(low), Some(high), None],
            Self::AtLeast { low } => [Some(low), None, None],
            Self::AtMost { high } => [Some(high), None, None],
        }
    }

    /// The value after which the words are written.
    pub(super) fn end(self) -> Option<f64> {
        self.extent().into_iter().flatten().reduce(f64::max)
    }
}

/// A bar made ready to be placed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row<'a> {
    /// Left of the axis.
    pub(super) label: &'a str,
    /// The bar.
    pub(super) form: Form,
    /// The colour of the bar: whose number it is.
    pub(super) color: Color,
    /// At the bar's end.
    pub(super) words: String,
    /// Both ends of what was measured; empty where they say nothing.
    pub(super) interval: String,
    /// Where the number is from.
    pub(super) source: &'a str,
    /// The colour of the words.
    pub(super) ink: Color,
}

impl<'a> Row<'a> {
    /// The row of a bar whose value counts in `unit`.
    pub(super) fn new(bar: &'a Bar, unit: Unit) -> Self {
        let is_here = !matches!(bar.kind, BarKind::Published { .. });
        let (form, words, ink) = match &bar.value {
            BarValue::Measured { value, low, high } => measured(is_here, *value, (*low, *high), unit),
            BarValue::Published { interval, disputed } => published(*interval, *disputed, unit),
            BarValue::Unpublished => absent("unpublished", MUTED),
            BarValue::Unsupported => absent("no such path", MUTED),
            BarValue::Failed(status) => absent(status, ALERT),
        };
        Self {
            label: &bar.label,
            words: words + &mark(bar, form),
            interval: measured_interval(form, unit),
            source: &bar.source,
            form,
            color: color(&bar.kind),
            ink,
        }
    }
}

impl Row<'_> {
    /// What the row tells when it is pointed at: what, how much, between which ends, from where.
    pub(super) fn hint(&self) -> String {
        let interval = Some(&self.interval).filter(|interval| !interval.is_empty());
        let interval = interval.map_or_else(String::new, |interval| format!("; interval {interval}"));
        let source = match self.source {
            "" => String::new(),
            source => format!("; {source}"),
        };
        format!("{}: {}{interval}{source}", self.label, self.words)
    }
}

fn measured_interval(form: Form, unit: Unit) -> String {
    match form {
        Form::Solid {
            interval: (low, high), ..
        } if low < high => range(low, high, unit),
        _ => String::new(),
    }
}

/// The colour of a bar.
fn color(kind: &BarKind) -> Color {
    match kind {
        BarKind::Measured => DEVICE,
        BarKind::Ceiling => CEILING,
        BarKind::Published { chip } => palette::chip(&chip.id).unwrap_or(OTHER),
    }
}

type Content = (Form, String, Color);

fn absent(words: &str, color: Color) -> Content {
    (Form::Absent, words.to_owned(), color)
}

fn measured(filled: bool, value: f64, (low, high): (f64, f64), unit: Unit) -> Content {
    if !value.is_finite() || value <= 0.0 {
        return absent("no value", MUTED);
    }
    // An end that is missing or on the wrong side is the value itself: no error bar on that side.
    let low = if low > 0.0 { low.min(value) } else { value };
    let high = if high.is_finite() { high.max(value) } else { value };
    let form = Form::Solid {
        to: value,
        interval: (low, high),
        filled,
    };
    (form, quantity(value, unit), INK)
}

fn published(interval: Interval, disputed: bool, unit: Unit) -> Content {
    let Interval { low, high } = interval;
    let bounded_below = low > 0.0 && low.is_finite();
    let bounded_above = high > 0.0 && high.is_finite();
    let (form, words) = match (bounded_below, bounded_above) {
        (false, false) => return absent("unpublished", MUTED),
        (true, false) => (Form::AtLeast { low }, format!("≥ {}", quantity(low, unit))),
        (false, true) => (Form::AtMost { high }, format!("≤ {}", quantity(high, unit))),
        (true, true) if low < high => (Form::Range { low, high }, range(low, high, unit)),
        (true, true) => {
            let form = Form::Solid {
                to: high,
                interval: (high, high),
                filled: false,
            };
            (form, quantity(high, unit))
        }
    };
    let dispute = if disputed { " · disputed" } else { "" };
    (form, words + dispute, INK)
}

/// Two quantities with the unit once where both take the same prefix: `1.6–2.4 TB/s`.
pub(super) fn range(low: f64, high: f64, unit: Unit) -> String {
    let (scaled, prefix) = prefixed(low, unit);
    let high_text = quantity(high, unit);
    if prefix == prefixed(high, unit).1 {
        format!("{}–{high_text}", significant(scaled, 3))
    } else {
        format!("{} – {high_text}", quantity(low, unit))
    }
}

/// What tells whose number it is, where colour does not.
fn mark(bar: &Bar, form: Form) -> String {
    let word = match (&bar.kind, &bar.value) {
        _ if form == Form::Absent => None,
        (_, BarValue::Published { .. }) => Some("published"),
        (BarKind::Published { .. }, _) => Some("measured elsewhere"),
        (BarKind::Ceiling, _) => Some("ceiling"),
        (BarKind::Measured, _) => None,
    };
    let chip = match &bar.kind {
        BarKind::Published { chip } if !bar.label.contains(chip.name.as_str()) => Some(chip.name.as_str()),
        _ => None,
    };
    word.into_iter().chain(chip).map(|part| format!(" · {part}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Chip;
    use super::*;

    fn words(kind: BarKind, value: BarValue) -> String {
        let bar = Bar {
            label: "H20 memory".to_owned(),
            kind,
            value,
            source: String::new(),
        };
        Row::new(&bar, Unit::BytePerSecond).words
    }

    fn figure(interval: Interval, disputed: bool) -> String {
        let chip = Chip::new("nvidia-h20-96gb", "H20");
        words(BarKind::Published { chip }, BarValue::Published { interval, disputed })
    }

    #[test]
    fn published_cells_say_what_is_known() {
        assert_eq!(figure(Interval::point(4e12), false), "4 TB/s · published");
        assert_eq!(figure(Interval::at_least(1.57e12), false), "≥ 1.57 TB/s · published");
        assert_eq!(figure(Interval::at_most(2e12), false), "≤ 2 TB/s · published");
        assert_eq!(
            figure(Interval::new(1.6e12, 2.4e12), true),
            "1.6–2.4 TB/s · disputed · published"
        );
        assert_eq!(
            figure(Interval::new(8e11, 1.2e12), false),
            "800 GB/s – 1.2 TB/s · published"
        );
        assert_eq!(figure(Interval::UNKNOWN, false), "unpublished");
        assert_eq!(figure(Interval::new(f64::NAN, f64::NAN), true), "unpublished");
    }

    #[test]
    fn a_chip_is_named_unless_the_label_names_it() {
        let chip = || BarKind::Published {
            chip: Chip::new("kunlunxin-p800", "P800"),
        };
        assert_eq!(words(chip(), BarValue::Unpublished), "unpublished · P800");
        let here = BarValue::Measured {
            value: 3e9,
            low: 3e9,
            high: 3e9,
        };
        assert_eq!(words(chip(), here.clone()), "3 GB/s · measured elsewhere · P800");
        assert_eq!(words(BarKind::Ceiling, here), "3 GB/s · ceiling");
    }

    #[test]
    fn a_value_that_no_bar_can_show_is_a_word() {
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let (low, high) = (value, value);
            assert_eq!(
                words(BarKind::Measured, BarValue::Measured { value, low, high }),
                "no value"
            );
        }
    }
}
