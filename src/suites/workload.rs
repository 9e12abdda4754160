//! What a layer of a named model has to do, operation by operation: the work that an audit holds published figures
//! against. No kernel need exist for it.

use serde::{Deserialize, Serialize};

use super::layer::Layer;
use super::model::models;
use crate::kernels::{Case, Precision, Work, work_of};

/// One operation of one layer at a stated batch and context.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// What the model is doing.
    pub scope: WorkScope,
    /// Name of the model whose layer it is.
    pub model: &'static str,
    /// How much is done at once.
    pub setting: &'static Setting,
    /// The case: operation, precision, layout, extents.
    pub case: Case,
    /// Operations and compulsory bytes of doing it once.
    pub work: Work,
    /// What `count` is for.
    pub per: Per,
    /// How often one layer (or the model, beside its layers) does it.
    pub count: u64,
}

/// What a model is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkScope {
    /// Forward and backward passes and the optimizer's step.
    Training,
    /// Reading a prompt.
    Prefill,
    /// Writing one token after the other.
    Decode,
}

/// What a workload's count is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// Each layer. A model with experts counts its layers with experts only; the few dense ones are left out.
    Layer,
    /// The model once: embedding, last norm, head, loss.
    Model,
}

/// How much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// What the model is doing.
    pub scope: WorkScope,
    /// Sequences.
    pub batch: u64,
    /// Tokens of each sequence that go through the layer together.
    pub tokens: u64,
    /// Positions that the last of them attends to, itself included.
    pub context: u64,
    /// Passes of that size that one workload list counts: in training, those before each step of the optimizer.
    pub passes: u64,
    /// Why this.
    pub reason: &'static str,
}

/// The settings of every scope. One context for all, so that scopes and models differ in nothing else: 4,096, the
/// pre-training length of two of the models, and of the order of what published serving benchmarks use.
pub static SETTINGS: &[Setting] = &[
    Setting {
        scope: WorkScope::Training,
        batch: 1,
        tokens: 4096,
        context: 4096,
        passes: 1024,
        reason: "sequences of pre-training length, one in each pass and 1,024 (4 million tokens, as Llama 3 began with) \
                 for each step of the optimizer",
    },
    Setting {
        scope: WorkScope::Prefill,
        batch: 1,
        tokens: 4096,
        context: 4096,
        passes: 1,
        reason: "one prompt of 4,096 tokens read at once",
    },
    Setting {
        scope: WorkScope::Decode,
        batch: 1,
        tokens: 1,
        context: 4096,
        passes: 1,
        reason: "one user: every weight is read for a single row",
    },
    Setting {
        scope: WorkScope::Decode,
        batch: 64,
        tokens: 1,
        context: 4096,
        passes: 1,
        reason: "a busy server: 64 rows share the weights, and each reads a cache of its own",
    },
];

/// What a layer of every model does in a scope, and what the model does beside its layers.
///
/// `precision` is that of the products with weights. Everything else (attention, norms, activations, router, head, loss)
/// is in the same precision if that has 16 bits or more, and in bfloat16 if it has 8, as in the published recipes of 8-bit
/// training and serving; the optimizer keeps its state in f32. Products of the same input are one (queries, keys and
/// values; gate and up). Tokens of a model with experts are spread evenly over as many experts as there are; handing
/// them out and adding up what comes back could be part of the products and is not counted, nor is the choice.
#[must_use]
pub fn workloads(scope: WorkScope, precision: Precision) -> Vec<Workload> {
    let of_scope = || SETTINGS.iter().filter(move |setting| setting.scope == scope);
    models()
        .iter()
        .flat_map(|model| of_scope().map(move |setting| (model, setting)))
        .flat_map(|(model, setting)| {
            let parts = Layer::new(model, setting, precision).parts();
            parts.into_iter().map(move |(case, per, count)| Workload {
                scope,
                model: &model.name,
                setting,
                work: work_of(&case).unwrap_or_default(), // a test holds that every case has its work
                case,
                per,
                count,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPES: [WorkScope; 3] = [WorkScope::Training, WorkScope::Prefill, WorkScope::Decode];

    fn all() -> impl Iterator<Item = Workload> {
        let of_scope = |scope| {
            Precision::ALL
                .into_iter()
                .flat_map(move |precision| workloads(scope, precision))
        };
        SCOPES.into_iter().flat_map(of_scope)
    }

    #[test]
    fn every_case_has_a_name_that_parses_and_work() {
        for workload in all() {
            let name = workload.case.to_string();
            assert_eq!(name.parse::<Case>().as_ref(), Ok(&workload.case));
            assert_eq!(work_of(&workload.case), Some(workload.work), "{name}");
            assert!(
                workload.work.read > 0 && workload.work.written > 0 && workload.count > 0,
                "{name}"
            );
        }
    }

    #[test]
    fn a_case_stands_once_in_each_setting_of_a_model() {
        for scope in SCOPES {
            let list = workloads(scope, Precision::Bf16);
            for (i, one) in list.iter().enumerate() {
                let again = list[..i].iter().find(|other| {
                    (other.model, other.setting, other.per, &other.case) == (one.model, one.setting, one.per, &one.case)
                });
                assert_eq!(again, None);
            }
        }
    }

    #[test]
    fn tokens_divide_evenly_among_experts_and_decoding_writes_one_at_a_time() {
        for setting in SETTINGS {
            assert!(setting.scope != WorkScope::Decode || setting.tokens == 1);
            for model in models() {
                if let (Some(experts), Some(active)) = (model.experts, model.active_experts) {
                    let chosen = setting.batch * setting.tokens * active;
                    assert!(chosen.is_multiple_of(experts.min(chosen)), "{}", model.name);
                }
            }
        }
    }

    /// The numbers of parameters are those that the makers publish, 8.03 and 32.8 billion, to the last digit as their
    /// checkpoints hold them.
    #[test]
    fn the_optimizer_steps_every_parameter() {
        for (name, expected) in [("Llama-3-8B", 8_030_261_248), ("Qwen3-32B", 32_762_123_264)] {
            let layers = models().iter().find(|model| model.name == name).expect("listed").layers;
            let parameters: u64 = workloads(WorkScope::Training, Precision::Bf16)
                .iter()
                .filter(|workload| workload.model == name && workload.case.kernel == "adamw")
                .map(|workload| workload.case.extent("n") * if workload.per == Per::Layer { layers } else { 1 })
                .sum();
            assert_eq!(parameters, expected, "{name}");
        }
    }

    /// Training takes 6 operations for each token and each weight that it meets: 2 forward, 4 back.
    #[test]
    fn products_of_training_are_six_operations_for_a_weight_and_a_token() {
        let products = |scope| -> u64 {
            workloads(scope, Precision::Bf16)
                .iter()
                .filter(|workload| workload.case.kernel.ends_with("matmul") && workload.per == Per::Layer)
                .map(|workload| workload.count / workload.setting.passes * workload.work.operations)
                .sum()
        };
        assert_eq!(products(WorkScope::Training), 3 * products(WorkScope::Prefill));
        let llama = workloads(WorkScope::Prefill, Precision::Bf16);
        let of_layer = llama.iter().filter(|w| w.model == "Llama-3-8B" && w.per == Per::Layer);
        let forward: u64 = of_layer
            .filter(|workload| workload.case.kernel == "matmul")
            .map(|workload| workload.work.operations)
            .sum();
        assert_eq!(forward, 2 * 4096 * (4096 * 6144 + 4096 * 4096 + 3 * 4096 * 14_336));
    }

    /// DeepSeek-V3 keeps attention and what memory binds in bfloat16 where its products are in 8 bits.
    #[test]
    fn only_products_with_weights_have_eight_bits() {
        for workload in workloads(WorkScope::Training, Precision::F8) {
            let product = workload.case.kernel.ends_with("matmul");
            assert!(
                product || workload.case.precision != Some(Precision::F8),
                "{}",
                workload.case
            );
        }
    }
}
