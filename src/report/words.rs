//! How the parts of a score are written, the same in every table.

use super::text::cut;
use crate::device::{DeviceType, Identity};
use crate::kernels::{Cache, Case, Role};
use crate::measure::Clock;
use crate::normalise::{Paper, Physics, Resource, Score, Spread, TimeSpent, Timing};
use crate::record::{Header, Provenance, Seal};
use crate::units::{Interval, Unit, percent, quantity, significant};

/// Which rate a case is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rate {
    /// Operations per second.
    Operations,
    /// Bytes per second.
    Bytes,
    /// Nothing but the time of a dispatch.
    Time,
    /// The time of one operation.
    Step,
}

impl Rate {
    pub(super) fn of(score: &Score) -> Self {
        match score.role() {
            Role::Floor => Self::Time,
            Role::Latency => Self::Step,
            Role::MemoryCeiling { .. } | Role::Path => Self::Bytes,
            Role::ComputeCeiling(_) | Role::Workload if score.work.operations > 0 => Self::Operations,
            _ => Self::Bytes,
        }
    }

    /// The heading of its column.
    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Operations => "Gop/s",
            Self::Bytes => "GB/s",
            Self::Time => "us",
            Self::Step => "ns",
        }
    }

    /// Its value under that heading.
    pub(super) fn value(self, score: &Score) -> Option<f64> {
        match self {
            Self::Operations => score.operation_rate().map(|rate| rate / 1e9),
            Self::Bytes => score.byte_rate().map(|rate| rate / 1e9),
            Self::Time => score.timing.map(|timing| timing.seconds * 1e6),
            Self::Step => score.operation_rate().map(|rate| 1e9 / rate),
        }
    }
}

/// What a seal says of a session.
pub(super) const fn seal(seal: Seal) -> &'static str {
    match seal {
        Seal::Valid => "complete, sealed",
        Seal::Absent => "NOT finished",
        Seal::Broken => "CHANGED since it was sealed",
    }
}

/// Energy of one dispatch, and of its work: of one operation, or of one byte where bytes are what a case is read by. None
/// where it was not metered.
pub(super) fn energy(score: &Score) -> Option<[String; 2]> {
    let joules = score.joules()?;
    let of_work = match Rate::of(score) {
        Rate::Operations => score.joules_per_operation().zip(Some("op")),
        Rate::Bytes => score.joules_per_byte().zip(Some("B")),
        Rate::Time | Rate::Step => None,
    };
    let written = |(joules, of)| format!("{}/{of}", quantity(joules, Unit::Joule));
    Some([quantity(joules, Unit::Joule), of_work.map_or_else(String::new, written)])
}

/// Kernel, precision, layout, and that the caches are empty where they are: what a group of rows has in common.
pub(super) fn group(case: &Case) -> String {
    let precision = case.precision.map_or("", crate::kernels::Precision::word);
    let cache = if case.cache == Cache::Cold { "cold" } else { "" };
    let words = [case.kernel.as_str(), precision, case.layout.as_str(), cache];
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A ratio as an interval of percentages, or of parts per million where it is below a thousandth: short enough for a
/// column whatever the device.
pub(super) fn ratio(interval: Interval) -> String {
    if interval.is_unknown() {
        return "unpubl.".to_owned();
    }
    let largest = if interval.high.is_finite() {
        interval.high
    } else {
        interval.low
    };
    let (scale, unit) = if largest < 1e-3 { (1e6, "ppm") } else { (100.0, "%") };
    let number = |end: f64| short(end * scale);
    let (low, high) = (number(interval.low), number(interval.high));
    if interval.high.is_infinite() {
        format!(">={low}{unit}")
    } else if interval.low <= 0.0 {
        format!("<={high}{unit}")
    } else if low == high {
        format!("{high}{unit}")
    } else {
        format!("{low}-{high}{unit}")
    }
}

/// Two significant digits, three from 10 on, and no more than two after the point.
fn short(value: f64) -> String {
    let digits = if value >= 10.0 { 3 } else { 2 };
    let rounded = (value * 100.0).round() / 100.0;
    significant(if value < 1.0 { rounded } else { value }, digits)
}

/// A paper ratio; a path that the chip does not have is a finding of its own.
pub(super) fn paper(paper: &Paper) -> String {
    if paper.unsupported {
        "no path".to_owned()
    } else {
        ratio(paper.ratio)
    }
}

/// The ceiling that binds and how near it came.
pub(super) fn roof(score: &Score) -> String {
    match (&score.roof, score.role()) {
        (_, Role::Floor | Role::Latency) => "floor".to_owned(),
        (_, Role::ComputeCeiling(_) | Role::MemoryCeiling { .. } | Role::Path) => "ceiling".to_owned(),
        (Some(roof), _) => {
            let resource = match roof.resource {
                Resource::Compute => "c",
                Resource::Memory => "m",
            };
            format!("{}{resource}", percent(roof.fraction))
        }
        (None, _) => "-".to_owned(),
    }
}

/// Half the interval of the median, relative to it, in five characters; `-` where the samples promise none.
pub(super) fn half_width(timing: &Timing) -> String {
    match timing.half_width() {
        _ if timing.spread == Spread::RangeOfSamples => "-".to_owned(),
        half if half < 1e-3 => format!("{}%", short(half * 100.0)),
        half if half < 10.0 => percent(half),
        _ => ">999%".to_owned(),
    }
}

/// Three significant digits, or nothing.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| significant(value, 3))
}

/// What the device is, in a line; for a software adapter what that means.
pub(super) fn device(header: &Header) -> String {
    let identity = &header.facts.identity;
    if header.provenance == Provenance::External {
        let software = Some(&identity.driver).filter(|software| !software.is_empty());
        let software = software.map_or_else(String::new, |software| format!(", measured with {software}"));
        format!("{}{software}: imported, UNPROVED", identity.adapter)
    } else {
        machine(identity)
    }
}

/// What a page says first of a software adapter; none for any other device.
pub(super) fn software(identity: &Identity) -> Option<String> {
    const LONGEST: usize = 160;
    (identity.device_type == DeviceType::Cpu).then(|| {
        format!(
            "Software adapter: these shaders ran on a processor ({}, {} logical cores). Nothing here says anything about an \
             accelerator.",
            cut(&identity.cpu_model, LONGEST),
            identity.logical_cores
        )
    })
}

/// The same of what was measured by this program.
pub(super) fn machine(identity: &Identity) -> String {
    if identity.device_type == DeviceType::Cpu {
        format!(
            "{} on {}, {} logical cores: a SOFTWARE ADAPTER, which says nothing about any accelerator",
            identity.adapter, identity.cpu_model, identity.logical_cores
        )
    } else {
        format!(
            "{} ({}, {} {})",
            identity.adapter, identity.backend, identity.driver, identity.driver_version
        )
    }
}

/// What the intervals of a session speak of.
pub(super) fn spread(scores: &[Score]) -> &'static str {
    let mut spreads = scores
        .iter()
        .filter_map(|score| score.timing)
        .map(|timing| timing.spread);
    match spreads.find(|spread| *spread != Spread::RangeOfSamples) {
        Some(Spread::BetweenRuns) => "half the 95 % interval of the median of the runs, relative to it",
        Some(Spread::RangeOfRuns) => "half the range of the runs' medians (too few runs for an interval)",
        Some(Spread::WithinRun | Spread::RangeOfSamples) | None => {
            "half the 99 % interval of the median within this run, - where samples are too few or too much alike for one; \
             run to run: unknown (use --runs)"
        }
    }
}

/// What a reader must be warned of before believing the table.
pub(super) fn warnings(header: &Header, scores: &[Score]) -> Vec<String> {
    let named = |physics: Physics| {
        scores
            .iter()
            .filter(move |score| score.physics == physics && score.timing.is_some() && score.role() == Role::Workload)
            .map(|score| score.case.to_string())
            .collect::<Vec<_>>()
    };
    let mut warnings: Vec<String> = scores
        .iter()
        .filter(|score| score.physics == Physics::Impossible)
        .map(|score| {
            format!(
                "impossible: {} is faster than the ceilings allow; do not use it",
                score.case
            )
        })
        .collect();
    let unproved = scores
        .iter()
        .filter(|score| score.timing.is_some() && score.proof.is_none());
    match unproved.count() {
        0 => {}
        count => warnings.push(format!(
            "unproved: onpar has not compared the answers of {count} of the rows with a reference"
        )),
    }
    let unchecked = named(Physics::Unchecked);
    if !unchecked.is_empty() {
        let count = unchecked.len();
        warnings.push(format!(
            "unchecked: no measured ceiling to hold {count} of the rows against, as {}",
            unchecked[0]
        ));
    }
    if header.timer.as_ref().is_some_and(|timer| timer.clock == Clock::Wall) {
        warnings
            .push("clock: the device's clock failed its self-test; times are the host's, by differences".to_owned());
    }
    warnings
}

/// Where the time of a session went, as `12 s: timed 40 %, proof 25 %, ..., idle 2 %`, the largest part first.
pub(super) fn time(time: &TimeSpent) -> String {
    let mut parts = time.parts();
    let idle = parts.pop();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let share = |(name, seconds): (&str, f64)| format!("{name} {:.0} %", 100.0 * seconds / time.total);
    let shares: Vec<_> = parts.into_iter().chain(idle).map(share).collect();
    format!("{:.0} s: {}", time.total, shares.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_short_and_keep_what_is_known() {
        let written = [
            (Interval::UNKNOWN, "unpubl."),
            (Interval::point(0.841_23), "84.1%"),
            (Interval::point(0.000_056), "56ppm"),
            (Interval::new(0.000_93, 0.001_4), "0.09-0.14%"),
            (Interval::new(0.000_044, 0.000_067), "44-67ppm"),
            (Interval::at_most(0.003_36), "<=0.34%"),
            (Interval::at_least(0.000_12), ">=120ppm"),
            (Interval::new(1.687, 2.331), "169-233%"),
        ];
        for (interval, text) in written {
            assert_eq!(ratio(interval), text);
            assert!(text.len() <= 10, "{text}");
        }
    }
}
