//! What a layer of a named model has to do, operation by operation: the work that an audit holds published figures
//! against. No kernel need exist for it.

use serde::{Deserialize, Serialize};

use crate::kernels::{Case, Work};

/// One operation of one layer at a stated batch and context.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// What the model is doing.
    pub scope: WorkScope,
    /// Name of the model whose layer it is.
    pub model: &'static str,
    /// The case: operation, precision, layout, extents.
    pub case: Case,
    /// Operations and compulsory bytes of doing it once.
    pub work: Work,
    /// How often one layer does it.
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
