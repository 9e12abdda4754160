//! OpenMetrics text 1.0, written so that it is Prometheus' text format as well: gauges without timestamps.

use std::fmt::Write as _;

use super::text::inert;

/// What a text ends with.
pub(super) const END: &str = "# EOF\n";

/// Gauges of one name.
pub(super) struct Family {
    /// Its name; ends with its unit, if it has one.
    pub(super) name: &'static str,
    /// The unit, where it is one of the base units.
    pub(super) unit: Option<&'static str>,
    /// What it counts, in a sentence.
    pub(super) help: &'static str,
}

impl Family {
    /// The family with a line for each of some labels and values; nothing without any.
    pub(super) fn lines(&self, values: impl Iterator<Item = (String, f64)>) -> String {
        let Self { name, unit, help } = self;
        let mut lines = String::new();
        for (labels, value) in values {
            // Some readers compare values as texts: the same digits for the same value, six of them.
            let _ = writeln!(lines, "{name}{{{labels}}} {value:.5e}");
        }
        if lines.is_empty() {
            return lines;
        }
        let unit = unit.map_or_else(String::new, |unit| format!("# UNIT {name} {unit}\n"));
        format!("# HELP {name} {help}\n# TYPE {name} gauge\n{unit}{lines}")
    }
}

/// Labels as a line has them.
pub(super) fn labels(of: &[(&str, &str)]) -> String {
    let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escape(value));
    of.iter().map(label).collect::<Vec<_>>().join(",")
}

fn escape(value: &str) -> String {
    inert(value).replace('\\', "\\\\").replace('"', "\\\"")
}
