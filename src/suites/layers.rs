//! The suites of models' layers: all parts of a layer that there is a kernel for, at a step of the ladder of scales.

use super::Scale;
use super::cases::{KIB, MIB, ceilings, ladder};
use super::layer::Layer;
use super::model::{Model, models};
use super::workload::{SETTINGS, Setting, WorkScope};
use crate::kernels::{Case, Precision, find};

/// One whose feed-forward part is dense, and one with experts and latent attention.
const MODELS: [&str; 2] = ["Llama-3-8B", "DeepSeek-V3"];

/// A prompt, a token for one user, a token for each of many; weights of dense products also in 8 bits where they bind.
pub(super) fn inference(scale: Scale) -> Vec<Case> {
    let prefill = parts(WorkScope::Prefill, scale);
    let decode = parts(WorkScope::Decode, scale);
    let in_8_bits = |case: &Case| Case {
        kernel: "matmul_w8".to_owned(),
        ..case.clone()
    };
    let dense: Vec<Case> = decode
        .iter()
        .filter(|case| case.kernel == "matmul")
        .map(in_8_bits)
        .collect();
    suite(scale, prefill.into_iter().chain(decode).chain(dense))
}

/// Forwards and back.
pub(super) fn training(scale: Scale) -> Vec<Case> {
    suite(scale, parts(WorkScope::Training, scale).into_iter())
}

/// Ceilings, and each of the parts once.
fn suite(scale: Scale, parts: impl Iterator<Item = Case>) -> Vec<Case> {
    let largest = scale.of(256 * MIB);
    let levels = || ladder(64 * KIB, 16, largest);
    let memory = ["copy", "read", "triad", "write"].map(|kernel| (kernel, levels()));
    let mut cases = ceilings(&memory, largest / 2, scale.of(1 << 20), 1024);
    for part in parts {
        if !cases.contains(&part) {
            cases.push(part);
        }
    }
    cases
}

/// What the layers do in every setting of a scope, as far as there is a kernel for it.
fn parts(scope: WorkScope, scale: Scale) -> Vec<Case> {
    let measured = |case: &Case| find(&case.kernel).is_some_and(|kernel| kernel.check(case).is_ok());
    let settings = || SETTINGS.iter().filter(|setting| setting.scope == scope);
    let of_both = models().iter().filter(|model| MODELS.contains(&model.name.as_str()));
    of_both
        .flat_map(|model| settings().map(move |setting| (scaled(model, scale), at_scale(setting, scale))))
        .flat_map(|(model, setting)| Layer::new(&model, &setting, Precision::Bf16).parts())
        .map(|(case, _, _)| case)
        .filter(measured)
        .collect()
}

/// A model of less width: fewer heads, experts and entries of the vocabulary, all of them as wide as they are but for the
/// inner width of a feed-forward part.
fn scaled(model: &Model, scale: Scale) -> Model {
    Model {
        hidden: scale.of(model.hidden),
        q_heads: scale.of(model.q_heads),
        kv_heads: scale.of(model.kv_heads),
        query_latent: model.query_latent.map(|width| scale.of(width)),
        latent: model.latent.map(|width| scale.of(width)),
        feed_forward: scale.of(model.feed_forward),
        experts: model.experts.map(|experts| scale.of(experts)),
        expert_feed_forward: model.expert_feed_forward.map(|width| scale.of(width)),
        vocabulary: scale.of(model.vocabulary),
        ..model.clone()
    }
}

/// A setting of a smaller batch and shorter context.
fn at_scale(setting: &Setting, scale: Scale) -> Setting {
    Setting {
        batch: scale.of(setting.batch),
        tokens: scale.of(setting.tokens),
        context: scale.of(setting.context),
        ..*setting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernels(cases: &[Case]) -> Vec<&str> {
        cases.iter().map(|case| case.kernel.as_str()).collect()
    }

    #[test]
    fn the_parts_that_are_products_are_all_there() {
        for scale in Scale::ALL {
            for (cases, wanted) in [
                (
                    inference(scale),
                    &["matmul", "matmul_w8", "grouped_matmul", "batched_matmul"][..],
                ),
                (training(scale), &["matmul", "grouped_matmul"]),
            ] {
                let kernels = kernels(&cases);
                assert!(wanted.iter().all(|name| kernels.contains(name)), "{kernels:?}");
            }
            let back = training(scale);
            assert!(
                ["nn", "nt", "tn"]
                    .iter()
                    .all(|layout| back.iter().any(|case| case.layout == *layout))
            );
        }
    }

    #[test]
    fn heads_keep_their_width_at_every_scale() {
        for case in inference(Scale::Eighth) {
            if case.kernel == "attention_decode" {
                assert_eq!(
                    (case.extent("d"), case.extent("dv"), case.extent("skv")),
                    (128, 128, 512),
                    "{case}"
                );
            }
        }
    }
}
