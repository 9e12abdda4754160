//! OpenMetrics text 1.0, written so that it is Prometheus' text format as well: gauges without timestamps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Timed;
use crate::record::Header;

/// A metric of every case that has it.
struct Metric {
    name: &'static str,
    /// The end of the name, where it is a unit by itself.
    unit: Option<&'static str>,
    help: &'static str,
    value: fn(&Timed) -> Option<f64>,
}

static METRICS: [Metric; 5] = [
    Metric {
        name: "onpar_case_seconds",
        unit: Some("seconds"),
        help: "Median time of one dispatch.",
        value: |timed| Some(timed.timing.seconds),
    },
    Metric {
        name: "onpar_case_low_seconds",
        unit: Some("seconds"),
        help: "Lower end of the interval of that median.",
        value: |timed| Some(timed.timing.low),
    },
    Metric {
        name: "onpar_case_high_seconds",
        unit: Some("seconds"),
        help: "Upper end of the interval of that median.",
        value: |timed| Some(timed.timing.high),
    },
    Metric {
        name: "onpar_case_operations_per_second",
        unit: None,
        help: "Operations of one dispatch over that time.",
        value: |timed| timed.score.operation_rate(),
    },
    Metric {
        name: "onpar_case_bytes_per_second",
        unit: None,
        help: "Compulsory bytes of one dispatch over that time.",
        value: |timed| timed.score.byte_rate(),
    },
];

/// The whole file.
pub(super) fn text(timed: &[Timed]) -> String {
    let mut out = String::new();
    for Metric {
        name,
        unit,
        help,
        value,
    } in &METRICS
    {
        let values: Vec<(String, f64)> = timed
            .iter()
            .filter_map(|timed| Some((labels(timed), value(timed)?)))
            .collect();
        if values.is_empty() {
            continue;
        }
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        if let Some(unit) = unit {
            let _ = writeln!(out, "# UNIT {name} {unit}");
        }
        for (labels, value) in values {
            // Some readers compare values as texts: the same digits for the same value, six of them.
            let _ = writeln!(out, "{name}{{{labels}}} {value:.5e}");
        }
    }
    out + &machines(timed) + "# EOF\n"
}

/// What tells a series from every other. Neither session nor version: each would make a new series every day.
fn labels(timed: &Timed) -> String {
    written(&[
        ("case", &timed.case()),
        ("machine", &timed.context.session.header.keys.hard),
        ("proof", timed.proof()),
    ])
}

/// What the machines are, a line each: of the last session, where they are several.
fn machines(timed: &[Timed]) -> String {
    let headers = timed.iter().map(|timed| &timed.context.session.header);
    let machines: BTreeMap<&str, &Header> = headers.map(|header| (header.keys.hard.as_str(), header)).collect();
    let mut out = String::new();
    if !machines.is_empty() {
        out += "# HELP onpar_machine_info What the sessions were measured on; always 1.\n# TYPE onpar_machine_info gauge\n";
    }
    for (key, header) in machines {
        let identity = &header.facts.identity;
        let labels = written(&[
            ("machine", key),
            ("adapter", &identity.adapter),
            ("backend", &identity.backend),
            ("driver", &identity.driver),
            ("driver_version", &identity.driver_version),
            ("onpar", &identity.onpar),
            ("session", header.id.as_str()),
        ]);
        let _ = writeln!(out, "onpar_machine_info{{{labels}}} 1");
    }
    out
}

fn written(labels: &[(&str, &str)]) -> String {
    let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escape(value));
    labels.iter().map(label).collect::<Vec<_>>().join(",")
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
