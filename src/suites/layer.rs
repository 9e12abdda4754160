//! From the shape of a model to the cases of one of its layers.

use super::model::Model;
use super::weights::{self, Routed, Weights};
use super::workload::{Per, Setting, WorkScope};
use crate::kernels::{Case, Precision};

/// One layer at work, and the list of what it does.
pub(super) struct Layer<'a> {
    model: &'a Model,
    setting: &'a Setting,
    /// Of the products with weights.
    products: Precision,
    /// Of everything else but the optimizer.
    others: Precision,
    parts: Vec<Part>,
}

/// An operation, what its count is for, and how often that does it.
pub(super) type Part = (Case, Per, u64);

impl<'a> Layer<'a> {
    pub(super) fn new(model: &'a Model, setting: &'a Setting, products: Precision) -> Self {
        let others = if products.bytes() == 1 {
            Precision::Bf16
        } else {
            products
        };
        Self {
            model,
            setting,
            products,
            others,
            parts: Vec::new(),
        }
    }

    /// Everything, each operation with its backward ones behind it.
    pub(super) fn parts(mut self) -> Vec<Part> {
        self.embedding();
        self.norms();
        self.attention();
        self.feed_forward();
        self.head();
        self.optimizer();
        self.parts
    }

    fn trains(&self) -> bool {
        self.setting.scope == WorkScope::Training
    }

    const fn tokens(&self) -> u64 {
        self.setting.batch * self.setting.tokens
    }

    /// Adds a case, to the one that is already there if it is the same.
    fn add(&mut self, case: Case, per: Per, count: u64) {
        let count = count * self.setting.passes;
        match self
            .parts
            .iter_mut()
            .find(|(known, of, _)| *known == case && *of == per)
        {
            Some((_, _, total)) => *total += count,
            None => self.parts.push((case, per, count)),
        }
    }

    /// An operation that is not a product with weights.
    fn other(&mut self, operation: &str, layout: &str, extents: &[(&str, u64)], per: Per, count: u64) {
        self.add(Case::hot(operation, self.others, layout, extents), per, count);
    }

    /// An operation, and in training the one that brings its gradients back.
    fn both_ways(&mut self, operation: &str, layout: &str, extents: &[(&str, u64)], per: Per, count: u64) {
        self.other(operation, layout, extents, per, count);
        if self.trains() {
            self.other(&format!("{operation}_backward"), layout, extents, per, count);
        }
    }

    /// y = x W^T, and in training dx = dy W and dW = dy^T x.
    fn product(&mut self, weights: Weights, per: Per) {
        let Weights {
            rows,
            outputs,
            inputs,
            of,
        } = weights;
        let (operation, groups) = match of {
            weights::Part::Experts { groups, .. } => ("grouped_matmul", Some(("g", groups))),
            weights::Part::Dense | weights::Part::Precise => ("matmul", None),
        };
        let precision = match of {
            weights::Part::Precise => self.others,
            weights::Part::Dense | weights::Part::Experts { .. } => self.products,
        };
        let case = |layout, m, n, k| {
            let extents: Vec<_> = [("m", m), ("n", n), ("k", k)].into_iter().chain(groups).collect();
            Case::hot(operation, precision, layout, &extents)
        };
        self.add(case("nt", rows, outputs, inputs), per, 1);
        if self.trains() {
            self.add(case("nn", rows, inputs, outputs), per, 1);
            self.add(case("tn", outputs, inputs, rows), per, 1);
        }
    }

    fn embedding(&mut self) {
        let extents = [("rows", self.tokens()), ("width", self.model.hidden)];
        self.other("gather", "", &extents, Per::Model, 1);
    }

    fn norms(&mut self) {
        for (rows, width, count) in weights::norms(self.model, self.tokens()) {
            self.both_ways("rms_norm", "", &[("rows", rows), ("width", width)], Per::Layer, count);
        }
        let last = [("rows", self.tokens()), ("width", self.model.hidden)];
        self.both_ways("rms_norm", "", &last, Per::Model, 1);
        // After attention and after the feed-forward part; on the way back, where the gradients of both branches meet.
        let additions = if self.trains() { 4 } else { 2 };
        self.other(
            "add",
            "",
            &[("n", self.tokens() * self.model.hidden)],
            Per::Layer,
            additions,
        );
    }

    fn attention(&mut self) {
        let rows = self.tokens();
        let decodes_latents = self.model.latent.filter(|_| self.setting.scope == WorkScope::Decode);
        let skipped = decodes_latents.map(|latent| weights::latent_up(self.model, rows, latent));
        for weights in weights::attention(self.model, rows) {
            if Some(weights) != skipped {
                self.product(weights, Per::Layer);
            }
        }
        self.rotary();
        match decodes_latents {
            Some(latent) => self.latent_decode(latent),
            None => self.ordinary_attention(),
        }
    }

    /// Of queries and keys; all heads of a model with a latent share one rotary key.
    fn rotary(&mut self) {
        let keys = if self.model.latent.is_some() {
            1
        } else {
            self.model.kv_heads
        };
        let extents = [
            ("rows", self.tokens()),
            ("heads", self.model.q_heads + keys),
            ("d", self.model.rope_dim),
        ];
        let ways = if self.trains() { 2 } else { 1 };
        self.other("rotary", "", &extents, Per::Layer, ways);
    }

    fn ordinary_attention(&mut self) {
        let model = self.model;
        let beside = if model.latent.is_some() { model.rope_dim } else { 0 };
        let mut extents = vec![
            ("b", self.setting.batch),
            ("hq", model.q_heads),
            ("hkv", model.kv_heads),
            ("skv", self.setting.context),
            ("d", model.head_dim + beside),
            ("dv", model.value_dim),
        ];
        if self.setting.scope == WorkScope::Decode {
            self.other("attention_decode", "", &extents, Per::Layer, 1);
        } else {
            extents.push(("sq", self.setting.tokens));
            self.other("attention_prefill", "causal", &extents, Per::Layer, 1);
            if self.trains() {
                self.other("attention_backward", "causal", &extents, Per::Layer, 1);
            }
        }
    }

    /// Queries down to the latent head by head, attention to the latents, and up to the values head by head.
    fn latent_decode(&mut self, latent: u64) {
        let model = self.model;
        let by_head = |layout, n, k| {
            let extents = [("b", model.q_heads), ("m", self.tokens()), ("n", n), ("k", k)];
            Case::hot("batched_matmul", self.products, layout, &extents)
        };
        let (down, up) = (
            by_head("nn", latent, model.head_dim),
            by_head("nt", model.value_dim, latent),
        );
        let extents = [
            ("b", self.setting.batch),
            ("hq", model.q_heads),
            ("sq", self.setting.tokens),
            ("skv", self.setting.context),
            ("d", latent + model.rope_dim),
            ("dv", latent),
        ];
        self.add(down, Per::Layer, 1);
        self.other("latent_decode", "causal", &extents, Per::Layer, 1);
        self.add(up, Per::Layer, 1);
    }

    fn feed_forward(&mut self) {
        let tokens = self.tokens();
        for weights in weights::feed_forward(self.model, tokens) {
            self.product(weights, Per::Layer);
        }
        let outputs = match Routed::of(self.model, tokens) {
            Some(routed) => vec![routed.groups * routed.rows * routed.inner, tokens * routed.shared_inner],
            None => vec![tokens * self.model.feed_forward],
        };
        for n in outputs {
            self.both_ways("swiglu", "", &[("n", n)], Per::Layer, 1);
        }
    }

    /// Training wants the logits of every token; reading a prompt, those of the last.
    fn head(&mut self) {
        let rows = if self.trains() {
            self.tokens()
        } else {
            self.setting.batch
        };
        self.product(weights::head(self.model, rows), Per::Model);
        if self.trains() {
            let extents = [("rows", rows), ("width", self.model.vocabulary)];
            self.both_ways("cross_entropy", "", &extents, Per::Model, 1);
        }
    }

    /// All parameters of a layer in one step, and those of embedding, last norm and head in another.
    fn optimizer(&mut self) {
        if !self.trains() {
            return;
        }
        let (model, tokens) = (self.model, self.tokens());
        let products = weights::attention(model, tokens)
            .into_iter()
            .chain(weights::feed_forward(model, tokens));
        let norms = weights::norms(model, tokens);
        let in_layer = products.map(|weights| weights.parameters()).sum::<u64>()
            + norms.iter().map(|(_, width, count)| width * count).sum::<u64>();
        let beside = 2 * model.vocabulary * model.hidden + model.hidden;
        for (n, per, computes_in) in [(in_layer, Per::Layer, self.products), (beside, Per::Model, self.others)] {
            // Once for all passes.
            self.parts.push((adamw(n, computes_in), per, 1));
        }
    }
}

/// State in f32, and a copy to compute with where that is in less; a model that computes in more has its state in it too.
fn adamw(n: u64, computes_in: Precision) -> Case {
    let (state, copy) = if computes_in.bytes() < Precision::F32.bytes() {
        (Precision::F32, computes_in.word())
    } else {
        (computes_in, "")
    };
    Case::hot("adamw", state, copy, &[("n", n)])
}
