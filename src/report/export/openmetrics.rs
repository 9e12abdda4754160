//! Sessions as OpenMetrics.

use std::collections::BTreeMap;

use super::Timed;
use crate::record::Header;
use crate::report::openmetrics::{END, Family, labels};

/// What a family says of a case, if it does.
type Value = fn(&Timed) -> Option<f64>;

static FAMILIES: [(Family, Value); 5] = [
    (
        Family {
            name: "onpar_case_seconds",
            unit: Some("seconds"),
            help: "Median time of one dispatch.",
        },
        |timed| Some(timed.timing.seconds),
    ),
    (
        Family {
            name: "onpar_case_low_seconds",
            unit: Some("seconds"),
            help: "Lower end of the interval of that median.",
        },
        |timed| Some(timed.timing.low),
    ),
    (
        Family {
            name: "onpar_case_high_seconds",
            unit: Some("seconds"),
            help: "Upper end of the interval of that median.",
        },
        |timed| Some(timed.timing.high),
    ),
    (
        Family {
            name: "onpar_case_operations_per_second",
            unit: None,
            help: "Operations of one dispatch over that time.",
        },
        |timed| timed.score.operation_rate(),
    ),
    (
        Family {
            name: "onpar_case_bytes_per_second",
            unit: None,
            help: "Compulsory bytes of one dispatch over that time.",
        },
        |timed| timed.score.byte_rate(),
    ),
];

const MACHINE: Family = Family {
    name: "onpar_machine_info",
    unit: None,
    help: "What the sessions were measured on; always 1.",
};

/// The whole file.
pub(super) fn text(timed: &[Timed]) -> String {
    let family = |(family, value): &(Family, Value)| {
        family.lines(timed.iter().filter_map(|timed| Some((of_case(timed), value(timed)?))))
    };
    let cases: String = FAMILIES.iter().map(family).collect();
    cases + &MACHINE.lines(machines(timed).into_iter()) + END
}

/// What tells a series from every other. Neither session nor version: each would make a new series every day.
fn of_case(timed: &Timed) -> String {
    labels(&[
        ("case", &timed.case()),
        ("machine", &timed.context.session.header.keys.hard),
        ("proof", timed.proof()),
    ])
}

/// What the machines are: of several sessions of one, as the last has it.
fn machines(timed: &[Timed]) -> Vec<(String, f64)> {
    let headers = timed.iter().map(|timed| &timed.context.session.header);
    let machines: BTreeMap<&str, &Header> = headers.map(|header| (header.keys.hard.as_str(), header)).collect();
    let line = |(key, header): (&str, &Header)| {
        let identity = &header.facts.identity;
        let labels = labels(&[
            ("machine", key),
            ("adapter", &identity.adapter),
            ("backend", &identity.backend),
            ("driver", &identity.driver),
            ("driver_version", &identity.driver_version),
            ("onpar", &identity.onpar),
            ("session", header.id.as_str()),
        ]);
        (labels, 1.0)
    };
    machines.into_iter().map(line).collect()
}
