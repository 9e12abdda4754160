//! What differs between two sides besides the chip.

use std::collections::HashMap;

use super::{Origin, Side};
use crate::record::{self, Hardness, Header};
use crate::suites::{Scale, suite};

/// Something in which two sides differ that is not the device itself, and may be why their speeds do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub what: String,
    /// The first side's; none where it is not known.
    pub a: Option<String>,
    /// The second side's.
    pub b: Option<String>,
}

/// Compares what is known of two sides.
#[must_use]
pub fn differences(a: &Side, b: &Side) -> Vec<Difference> {
    let mut found = Vec::new();
    match (&a.origin, &b.origin) {
        (Origin::Session(a), Origin::Session(b)) => {
            found.extend(of_identity(a, b));
            found.extend(of_settings(a, b));
        }
        (a, b) => found.extend(different("measured with", software(a), software(b))),
    }
    found.extend(of_variants(a, b));
    found
}

fn different(what: &str, a: Option<String>, b: Option<String>) -> Option<Difference> {
    let what = what.to_owned();
    (a != b).then_some(Difference { what, a, b })
}

/// Facts that the keys of identity are made of, but for those that say which device it is.
fn of_identity(a: &Header, b: &Header) -> impl Iterator<Item = Difference> {
    let is_device = |difference: &record::Difference| match difference.field {
        "adapter" | "device_type" | "driver_family" | "logical_cores" => true,
        // Of a software adapter the processor is the device, of a GPU it is the host.
        "cpu_model" => difference.hardness == Hardness::Hard,
        _ => false,
    };
    let known = |value: Option<String>| value.filter(|value| !value.is_empty());
    record::differences(&a.facts.identity, &b.facts.identity)
        .into_iter()
        .filter(move |difference| !is_device(difference))
        .map(move |difference| Difference {
            what: difference.field.replace('_', " "),
            a: known(difference.a),
            b: known(difference.b),
        })
}

fn of_settings(a: &Header, b: &Header) -> impl Iterator<Item = Difference> {
    let clock = |header: &Header| header.timer.as_ref().map(|timer| timer.clock.word().to_owned());
    let suite = |header: &Header| Some(header.options.suite.clone());
    [
        different("suite", suite(a), suite(b)),
        different("scale", scale(a), scale(b)),
        different("clock", clock(a), clock(b)),
    ]
    .into_iter()
    .flatten()
}

/// The scale at which the plan of a session is one of its suite.
fn scale(header: &Header) -> Option<String> {
    let suite = suite(&header.options.suite)?;
    let fits = |scale: &Scale| {
        let cases = suite.plan(*scale);
        header.plan.iter().all(|case| cases.contains(case))
    };
    Scale::ALL.into_iter().find(fits).map(|scale| scale.word().to_owned())
}

fn software(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Session(header) => Some(format!("onpar {}", header.facts.identity.onpar)),
        Origin::Table { software, .. } => software.clone(),
    }
}

/// How many cases ran as another variant, with the first of them.
fn of_variants(a: &Side, b: &Side) -> Option<Difference> {
    let of_b = b.cases.iter().map(|case| (case.name.as_str(), case.variant.as_str()));
    let of_b: HashMap<&str, &str> = of_b.collect();
    let known = |variant: &&str| !variant.is_empty();
    let of_both = a.cases.iter().filter_map(|case| {
        let ours = Some(case.variant.as_str()).filter(known)?;
        let theirs = of_b.get(case.name.as_str()).copied().filter(known)?;
        Some((&case.name, ours, theirs))
    });
    let differing: Vec<_> = of_both.filter(|(_, ours, theirs)| ours != theirs).collect();
    let (name, ours, theirs) = differing.first()?;
    Some(Difference {
        what: match differing.len() {
            1 => format!("variant of {name}"),
            count => format!("variant of {count} cases, as {name}"),
        },
        a: Some((*ours).to_owned()),
        b: Some((*theirs).to_owned()),
    })
}
