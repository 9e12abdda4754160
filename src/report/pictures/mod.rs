//! The pictures of a session: pure functions from its scores to drawings, which SVG and PNG files and pages share.

mod ceilings;
mod family;
mod rates;
mod roofline;
pub(super) mod short;
mod sweeps;
mod working_set;

use super::plot::{Chip, CurveChart, CurveRow, Drawing, Numbers};
use super::words;
use crate::device::DeviceType;
use crate::kernels::{Case, REGISTRY, Role, find};
use crate::normalise::{Reference, Scores};
use crate::published::Published;
use crate::record::{Header, Session};

/// A picture of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The stem of its files.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The picture.
    pub drawing: Drawing,
    /// The same on axes that begin at zero; none where only ratios tell anything, as under a roofline.
    pub linear: Option<Drawing>,
    /// The same as a table.
    pub numbers: Numbers,
}

/// The stems of the files of every picture that a session can have.
pub const NAMES: [&str; 4] = [rates::NAME, roofline::NAME, sweeps::NAME, working_set::NAME];

/// The pictures of a session that have something to show.
#[must_use]
pub fn all(session: &Session, scores: &Scores, published: &Published) -> Vec<Picture> {
    let pictures = [
        rates::picture(session, scores, published),
        roofline::picture(session, scores, published),
        sweeps::picture(session, scores),
        working_set::picture(session, scores),
    ];
    pictures.into_iter().flatten().collect()
}

/// Curves with what may be said below them, and what is said below all; none without a curve.
fn curves(
    header: &Header,
    (name, title): (&'static str, &'static str),
    rows: Vec<CurveRow>,
    footer: &str,
) -> Option<Picture> {
    if rows.is_empty() {
        return None;
    }
    let marks = "A mark is the median of a case with its interval, which is not drawn where the mark would hide it; every \
                 answer is proved.";
    let chart = CurveChart {
        title: title.to_owned(),
        subtitle: device(header),
        rows,
        footer: vec![format!("{marks} {footer}"), provenance(header)],
    };
    Some(Picture {
        name,
        title,
        drawing: chart.draw(),
        linear: Some(chart.draw_linear()),
        numbers: chart.numbers(),
    })
}

/// The device, below the title of every picture. What a software adapter is comes first, so that no name is so long that
/// it goes unsaid.
fn device(header: &Header) -> String {
    let identity = &header.facts.identity;
    if identity.device_type == DeviceType::Cpu {
        format!(
            "SOFTWARE ADAPTER, which says nothing about any accelerator: {} on {}, {} logical cores",
            identity.adapter, identity.cpu_model, identity.logical_cores
        )
    } else {
        words::device(header)
    }
}

/// The program, the session and its date, below every picture.
fn provenance(header: &Header) -> String {
    let onpar = &header.facts.identity.onpar;
    format!("onpar {onpar}, session {} of {}", header.id, header.started)
}

fn chip(reference: &Reference) -> Chip {
    Chip::new(reference.chip, reference.name)
}

/// The kernels of some cases, each once, in the order of the registry; those that it does not have follow.
fn kernels<'c>(cases: impl Iterator<Item = &'c Case>) -> Vec<&'c str> {
    let place = |kernel: &str| REGISTRY.iter().position(|known| known.name == kernel);
    let mut kernels: Vec<&str> = cases.map(|case| case.kernel.as_str()).collect();
    kernels.sort_by_key(|kernel| (place(kernel).unwrap_or(usize::MAX), *kernel));
    kernels.dedup();
    kernels
}

/// Whether a kernel measures memory traffic for its own sake.
fn is_memory_ceiling(case: &Case) -> bool {
    find(&case.kernel).is_some_and(|kernel| matches!(kernel.role, Role::MemoryCeiling { .. }))
}

/// Whether a kernel is work that a model does.
fn is_workload(case: &Case) -> bool {
    find(&case.kernel).is_none_or(|kernel| kernel.role == Role::Workload)
}
