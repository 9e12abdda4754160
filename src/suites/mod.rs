//! Suites: which cases, at which shapes.
//!
//! A suite brings the ceilings that its results are held against: they are measured first and again last, because a
//! device that is warm at the end may be slower than it was at the beginning, or faster.

mod cases;
mod layer;
mod layers;
mod model;
mod reference;
mod weights;
mod workload;

pub use model::{Model, model, models};
pub use reference::{evictor, make_cold, noise, references};
pub use workload::{Per, SETTINGS, Setting, WorkScope, Workload, workloads};

use serde::{Deserialize, Serialize};

use crate::kernels::{Case, Role, find};

/// A named list of cases.
pub struct Suite {
    /// Its name for `--suite`.
    pub name: &'static str,
    /// One sentence for `onpar list`.
    pub summary: &'static str,
    /// How long each case is measured.
    pub pace: Pace,
    cases: fn(Scale) -> Vec<Case>,
}

/// How much time a suite gives to each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// A look: a few tenths of a second.
    Quick,
    /// Until the median is known to 1 %, or about a second.
    Steady,
}

/// Every suite.
pub static SUITES: &[Suite] = &[
    Suite {
        name: "smoke",
        summary: "does everything run and come out right: small sizes, short looks, half a minute at most",
        pace: Pace::Quick,
        cases: cases::smoke,
    },
    Suite {
        name: "standard",
        summary: "ceilings from cache to memory, matrix products and attention in f32, f16 and bf16, about two minutes",
        pace: Pace::Steady,
        cases: cases::standard,
    },
    Suite {
        name: "inference",
        summary: "what layers of two models do for a prompt, for one user and for many, in bf16 and with weights in 8 bits, minutes",
        pace: Pace::Quick,
        cases: layers::inference,
    },
    Suite {
        name: "training",
        summary: "what layers of two models do forwards and back, in bf16, minutes",
        pace: Pace::Quick,
        cases: layers::training,
    },
    Suite {
        name: "ceilings",
        summary: "what bounds every kernel: arithmetic, memory from cache to beyond it, latency, transfers, under a minute",
        pace: Pace::Quick,
        cases: cases::every_ceiling,
    },
];

/// Looks a suite up by name.
#[must_use]
pub fn suite(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

/// A step of the ladder by which batch, context and width of a case are divided. Only results at full scale carry the
/// name of the model whose layer they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scale {
    /// As published.
    #[serde(rename = "1")]
    Full,
    /// Half.
    #[serde(rename = "1/2")]
    Half,
    /// A quarter.
    #[serde(rename = "1/4")]
    Quarter,
    /// An eighth.
    #[serde(rename = "1/8")]
    Eighth,
}

impl Scale {
    /// Every scale, the largest first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Half, Self::Quarter, Self::Eighth];

    /// An extent at this scale, at least 1.
    #[must_use]
    pub const fn of(self, extent: u64) -> u64 {
        let divisor = match self {
            Self::Full => 1,
            Self::Half => 2,
            Self::Quarter => 4,
            Self::Eighth => 8,
        };
        if extent < divisor { 1 } else { extent / divisor }
    }

    /// The scale as it is written in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "1",
            Self::Half => "1/2",
            Self::Quarter => "1/4",
            Self::Eighth => "1/8",
        }
    }
}

impl Suite {
    /// The cases in the order in which they are measured: floor and ceilings, workloads, and after those the ceilings once
    /// more.
    #[must_use]
    pub fn plan(&self, scale: Scale) -> Vec<Case> {
        let cases = (self.cases)(scale);
        let after = if cases.iter().any(is_workload) { &cases[..] } else { &[] };
        let again: Vec<Case> = after.iter().filter(|case| is_ceiling(case)).cloned().collect();
        cases.into_iter().chain(again).collect()
    }
}

/// Whether a case measures a ceiling that others are held against.
#[must_use]
pub fn is_ceiling(case: &Case) -> bool {
    find(&case.kernel).is_some_and(|k| matches!(k.role, Role::ComputeCeiling(_) | Role::MemoryCeiling { .. }))
}

fn is_workload(case: &Case) -> bool {
    find(&case.kernel).is_some_and(|kernel| kernel.role == Role::Workload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_every_suite_is_valid_and_has_variants() {
        for suite in SUITES {
            for scale in Scale::ALL {
                for case in suite.plan(scale) {
                    let kernel = find(&case.kernel).expect("in the registry");
                    kernel.check(&case).expect("valid");
                    assert!((kernel.variants)(&case).iter().any(|variant| variant.default), "{case}");
                }
            }
        }
    }

    #[test]
    fn ceilings_come_first_and_again_last() {
        for suite in SUITES {
            let plan = suite.plan(Scale::Eighth);
            if !plan.iter().any(is_workload) {
                continue;
            }
            let ceilings = plan.iter().filter(|case| is_ceiling(case)).count() / 2;
            assert!(plan[1..=ceilings].iter().all(is_ceiling), "{}", suite.name);
            assert_eq!(plan[1..=ceilings], plan[plan.len() - ceilings..]);
            let mut once = plan[..plan.len() - ceilings].to_vec();
            assert!(once.len() >= 20, "{} has {} cases", suite.name, once.len());
            once.sort();
            once.dedup();
            assert_eq!(once.len(), plan.len() - ceilings, "{} has a case twice", suite.name);
        }
    }
}
