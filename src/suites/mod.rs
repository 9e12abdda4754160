//! Suites: which cases, at which shapes.
//!
//! A suite brings the ceilings that its results are held against: they are measured first and again last, because a
//! device that is warm at the end may be slower than it was at the beginning, or faster.

mod layer;
mod model;
mod weights;
mod workload;

pub use model::{Model, model, models};
pub use workload::{Per, SETTINGS, Setting, WorkScope, Workload, workloads};

use serde::{Deserialize, Serialize};

use crate::kernels::{Case, Precision, Role, Shape, find};

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
        summary: "does everything run and come out right: small sizes, short looks, well under 20 seconds",
        pace: Pace::Quick,
        cases: smoke,
    },
    Suite {
        name: "standard",
        summary: "ceilings from cache to memory, square and layer-shaped matrix products, about a minute",
        pace: Pace::Steady,
        cases: standard,
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
    /// The cases in the order in which they are measured: floor and ceilings, workloads, ceilings once more.
    #[must_use]
    pub fn plan(&self, scale: Scale) -> Vec<Case> {
        let cases = (self.cases)(scale);
        let again: Vec<Case> = cases.iter().filter(|case| is_ceiling(case)).cloned().collect();
        cases.into_iter().chain(again).collect()
    }
}

/// Whether a case measures a ceiling that others are held against.
#[must_use]
pub fn is_ceiling(case: &Case) -> bool {
    find(&case.kernel).is_some_and(|k| matches!(k.role, Role::ComputeCeiling(_) | Role::MemoryCeiling { .. }))
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

fn smoke(_: Scale) -> Vec<Case> {
    let mut cases = ceilings(&[64 * KIB, MIB, 8 * MIB], 1 << 14, 1024);
    cases.extend([
        matmul(64, 64, 64),
        matmul(128, 128, 128),
        matmul(256, 256, 256),
        matmul(127, 129, 131),
        matmul(1, 1024, 512),
        matmul(16, 512, 512),
        matmul(512, 16, 256),
        matmul(100, 1, 1000),
    ]);
    cases
}

/// Sizes of one buffer from well inside the caches to well outside, chains to fill the largest GPU, square products, and
/// products of one layer of Llama-3-8B for 512 tokens and for one.
fn standard(scale: Scale) -> Vec<Case> {
    let largest = scale.of(256 * MIB);
    let mut cases = ceilings(&[64 * KIB, MIB, largest / 8, largest], scale.of(1 << 20), 1024);
    cases.extend([
        matmul(scale.of(2048), scale.of(2048), scale.of(2048)),
        matmul(scale.of(4096), scale.of(4096), scale.of(4096)),
        matmul(1024, 1024, 1024),
    ]);
    cases.extend(
        model("Llama-3-8B")
            .into_iter()
            .flat_map(|model| layer_products(model, scale)),
    );
    cases.push(matmul(509, 503, 521));
    cases
}

/// The output projection of attention and the gate for 512 tokens, and the gate for one.
fn layer_products(model: &Model, scale: Scale) -> [Case; 3] {
    let (tokens, hidden, feed_forward) = (scale.of(512), scale.of(model.hidden), scale.of(model.feed_forward));
    [
        matmul(tokens, hidden, hidden),
        matmul(tokens, feed_forward, hidden),
        matmul(1, feed_forward, hidden),
    ]
}

fn ceilings(buffer_bytes: &[u64], chains: u64, steps: u64) -> Vec<Case> {
    let floor = Case {
        kernel: "empty".to_owned(),
        precision: None,
        layout: String::new(),
        shape: Shape::default(),
        cache: crate::kernels::Cache::Hot,
    };
    let mut cases = vec![floor];
    for kernel in ["copy", "read", "triad"] {
        for bytes in buffer_bytes {
            cases.push(Case::hot(
                kernel,
                Precision::F32,
                "",
                &[("n", bytes / Precision::F32.bytes())],
            ));
        }
    }
    for layout in ["affine", "square"] {
        cases.push(Case::hot(
            "fma",
            Precision::F32,
            layout,
            &[("n", chains), ("steps", steps)],
        ));
    }
    cases
}

fn matmul(m: u64, n: u64, k: u64) -> Case {
    Case::hot("matmul", Precision::F32, "nn", &[("m", m), ("n", n), ("k", k)])
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
