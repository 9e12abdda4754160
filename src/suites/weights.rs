//! Which matrices of weights and which norms a layer has, and how many rows meet each of them.

use super::model::Model;

/// A matrix of weights and the rows that meet it: y = x W^T with x of `rows` x `inputs` and W of `outputs` x `inputs`,
/// as frameworks store it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weights {
    pub(super) rows: u64,
    pub(super) outputs: u64,
    pub(super) inputs: u64,
    pub(super) of: Part,
}

/// What a matrix belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Attention or a feed-forward part that every row goes through.
    Dense,
    /// One matrix for each of `experts`, of which `groups` get `rows` rows each.
    Experts { experts: u64, groups: u64 },
    /// The choice of experts, or the logits: what stays in 16 bits where the other products have 8.
    Precise,
}

impl Weights {
    const fn dense(rows: u64, outputs: u64, inputs: u64) -> Self {
        Self {
            rows,
            outputs,
            inputs,
            of: Part::Dense,
        }
    }

    const fn precise(rows: u64, outputs: u64, inputs: u64) -> Self {
        Self {
            of: Part::Precise,
            ..Self::dense(rows, outputs, inputs)
        }
    }

    /// How many weights there are, used or not.
    pub(super) const fn parameters(&self) -> u64 {
        let matrices = match self.of {
            Part::Experts { experts, .. } => experts,
            Part::Dense | Part::Precise => 1,
        };
        matrices * self.outputs * self.inputs
    }
}

/// The projections of attention for `rows` tokens: into queries, keys and values in one product, and out.
///
/// With a latent: into both latents and the shared rotary key in one product, from the latents up to the heads, and out.
pub(super) fn attention(model: &Model, rows: u64) -> Vec<Weights> {
    let values = model.q_heads * model.value_dim;
    let out = Weights::dense(rows, model.hidden, values);
    match (model.query_latent, model.latent) {
        (Some(query_latent), Some(latent)) => vec![
            Weights::dense(rows, query_latent + latent + model.rope_dim, model.hidden),
            Weights::dense(rows, model.q_heads * (model.head_dim + model.rope_dim), query_latent),
            latent_up(model, rows, latent),
            out,
        ],
        _ => {
            let keys_and_values = model.kv_heads * (model.head_dim + model.value_dim);
            let projected = model.q_heads * model.head_dim + keys_and_values;
            vec![Weights::dense(rows, projected, model.hidden), out]
        }
    }
}

/// From the latent up to the keys and values of all heads, which decoding does without: it brings the queries down to
/// the latent instead.
pub(super) const fn latent_up(model: &Model, rows: u64, latent: u64) -> Weights {
    Weights::dense(rows, model.q_heads * (model.head_dim + model.value_dim), latent)
}

/// The feed-forward part for `rows` tokens: gate and up in one product, and down. With experts: the router, those that a
/// token chooses, and those that all tokens use.
pub(super) fn feed_forward(model: &Model, rows: u64) -> Vec<Weights> {
    let gated = |rows, inner| {
        [
            Weights::dense(rows, 2 * inner, model.hidden),
            Weights::dense(rows, model.hidden, inner),
        ]
    };
    let Some(routed) = Routed::of(model, rows) else {
        return gated(rows, model.feed_forward).to_vec();
    };
    let mut all = vec![Weights::precise(rows, routed.experts, model.hidden)];
    let of = Part::Experts {
        experts: routed.experts,
        groups: routed.groups,
    };
    all.extend(gated(routed.rows, routed.inner).map(|weights| Weights { of, ..weights }));
    all.extend(gated(rows, routed.shared_inner));
    all
}

/// The logits of `rows` tokens.
pub(super) const fn head(model: &Model, rows: u64) -> Weights {
    Weights::precise(rows, model.vocabulary, model.hidden)
}

/// How `tokens` tokens meet experts if they are spread evenly over as many as there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Routed {
    pub(super) experts: u64,
    /// Experts that get any row.
    pub(super) groups: u64,
    /// Rows of each of those.
    pub(super) rows: u64,
    /// Inner width of an expert.
    pub(super) inner: u64,
    /// Inner width of all shared experts together, which are one matrix.
    pub(super) shared_inner: u64,
}

impl Routed {
    /// None for a model without experts.
    pub(super) fn of(model: &Model, tokens: u64) -> Option<Self> {
        let (experts, inner) = (model.experts?, model.expert_feed_forward?);
        let chosen = tokens * model.active_experts?;
        let groups = experts.min(chosen);
        Some(Self {
            experts,
            groups,
            rows: chosen / groups,
            inner,
            shared_inner: inner * model.shared_experts?,
        })
    }
}

/// The norms of one layer: rows and width of each, and how many are alike.
pub(super) fn norms(model: &Model, tokens: u64) -> Vec<(u64, u64, u64)> {
    let mut norms = vec![(tokens, model.hidden, 2)];
    norms.extend(
        model
            .query_latent
            .into_iter()
            .chain(model.latent)
            .map(|width| (tokens, width, 1)),
    );
    if model.qk_norm {
        norms.extend([model.q_heads, model.kv_heads].map(|heads| (tokens * heads, model.head_dim, 1)));
    }
    norms
}
