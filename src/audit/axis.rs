//! What two chips are compared in: work of three kinds, and single figures.

use crate::kernels;
use crate::normalise::published_precision;
use crate::published::{Metric, Precision, Scope};
use crate::suites::{SETTINGS, Setting, WorkScope};

use super::figures::FigureKey;
use super::verdict::Better;

/// One thing in which two chips are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Axis {
    /// Layers of named models at one setting and precision.
    Work(&'static Setting, Precision),
    /// One published figure.
    Figure(FigureKey),
}

/// The formats that models are trained in.
const TRAINING: [Precision; 3] = [Precision::Bf16, Precision::Fp16, Precision::Fp8];
/// The formats that models are served in, and that peaks are advertised in.
const SERVING: [Precision; 4] = [Precision::Bf16, Precision::Fp16, Precision::Fp8, Precision::Int8];

impl Axis {
    /// The word of its scope in JSON.
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Work(setting, _) => match setting.scope {
                WorkScope::Training => "training",
                WorkScope::Prefill => "prefill",
                WorkScope::Decode => "decode",
            },
            Self::Figure(key) => match key.metric {
                Metric::PeakCompute => "compute",
                Metric::InterconnectBandwidth => "interconnect",
                Metric::Tdp => "power",
                metric => metric.word(),
            },
        }
    }

    /// The number format, where there is one.
    #[must_use]
    pub const fn precision(self) -> Option<Precision> {
        match self {
            Self::Work(_, precision) => Some(precision),
            Self::Figure(key) => key.precision,
        }
    }

    /// Whether more is better.
    #[must_use]
    pub fn better(self) -> Better {
        match self {
            Self::Figure(FigureKey {
                metric: Metric::Tdp, ..
            }) => Better::Less,
            _ => Better::More,
        }
    }
}

/// What a scope is compared in. `stated` are the formats that a claim names; none means those in use.
#[must_use]
pub fn axes(scope: Scope, stated: &[Precision]) -> Vec<Axis> {
    let work = |scope| work_axes(scope, stated);
    let figure = |metric| Axis::Figure(FigureKey::of(metric));
    let memory = [figure(Metric::MemoryBandwidth), figure(Metric::MemoryCapacity)];
    match scope {
        Scope::Training => work(WorkScope::Training),
        Scope::Prefill => work(WorkScope::Prefill),
        Scope::Decode => work(WorkScope::Decode),
        Scope::Inference => [WorkScope::Prefill, WorkScope::Decode]
            .into_iter()
            .flat_map(work)
            .collect(),
        Scope::Gemm => peaks(stated),
        Scope::Memory => memory.to_vec(),
        Scope::Interconnect => vec![figure(Metric::InterconnectBandwidth)],
        Scope::Power => vec![figure(Metric::Tdp)],
        // No figure of what a chip costs is published.
        Scope::Cost => Vec::new(),
        Scope::Overall | Scope::Unspecified => {
            let parts = [
                Scope::Training,
                Scope::Inference,
                Scope::Gemm,
                Scope::Memory,
                Scope::Interconnect,
                Scope::Power,
            ];
            parts.into_iter().flat_map(|part| axes(part, stated)).collect()
        }
    }
}

fn work_axes(scope: WorkScope, stated: &[Precision]) -> Vec<Axis> {
    let in_use: &[Precision] = if scope == WorkScope::Training {
        &TRAINING
    } else {
        &SERVING
    };
    let precisions = if stated.is_empty() { in_use } else { stated };
    let settings = SETTINGS.iter().filter(|setting| setting.scope == scope);
    settings
        .flat_map(|setting| precisions.iter().map(move |precision| Axis::Work(setting, *precision)))
        .filter(|axis| axis.precision().is_some_and(|precision| stored_as(precision).is_some()))
        .collect()
}

fn peaks(stated: &[Precision]) -> Vec<Axis> {
    let precisions = if stated.is_empty() { &SERVING } else { stated };
    let peak = |precision: &Precision| Axis::Figure(FigureKey::peak(*precision));
    precisions.iter().map(peak).collect()
}

/// How a published number format is stored, if models are known in it.
#[must_use]
pub(super) fn stored_as(precision: Precision) -> Option<kernels::Precision> {
    kernels::Precision::ALL
        .into_iter()
        .find(|stored| published_precision(*stored) == Some(precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_all_the_scopes_and_a_format_narrows_them() {
        let all = axes(Scope::Unspecified, &[]);
        let scopes: Vec<_> = all.iter().map(|axis| axis.scope()).collect();
        for scope in [
            "training",
            "prefill",
            "decode",
            "compute",
            "memory_bandwidth",
            "memory_capacity",
            "power",
        ] {
            assert!(scopes.contains(&scope), "{scope} is not in {scopes:?}");
        }
        let half = axes(Scope::Gemm, &[Precision::Fp16]);
        assert_eq!(half, [Axis::Figure(FigureKey::peak(Precision::Fp16))]);
        assert!(
            axes(Scope::Prefill, &[Precision::Fp4]).is_empty(),
            "no model is stored in it"
        );
        assert!(axes(Scope::Cost, &[]).is_empty());
    }
}
