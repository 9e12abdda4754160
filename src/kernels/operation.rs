//! The operations of a transformer by the names that cases call them: what their extents mean, and their work. A kernel
//! of the registry has its operation's name; most operations here have no kernel, and are held against published figures
//! only.

use super::work::{self, AdamwSizes, Attention, Product, Sizes};
use super::{Case, Precision, Work};

/// An operation that a case can name.
pub struct Operation {
    /// The first part of the case's name.
    pub name: &'static str,
    /// What it computes.
    pub summary: &'static str,
    /// Names of its extents, sorted, as they stand in a case.
    pub extents: &'static [&'static str],
    /// Allowed layout words; empty if there is no choice.
    pub layouts: &'static [&'static str],
    /// Operations and compulsory bytes of a case whose extents and layout are of these.
    pub work: fn(&Case) -> Work,
}

/// Every operation: products, attention, then what memory binds.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        name: "matmul",
        summary: "matrix product, m x k by k x n",
        extents: &["k", "m", "n"],
        layouts: PRODUCT_LAYOUTS,
        work: |case| work::product(product(case), Sizes::of_case(case)),
    },
    Operation {
        name: "matmul_w8",
        summary: "matrix product with weights in 8 bits and a factor for each column",
        extents: &["k", "m", "n"],
        layouts: PRODUCT_LAYOUTS,
        work: |case| work::weights_in_8_bits(product(case), case.element_bytes()),
    },
    Operation {
        name: "batched_matmul",
        summary: "b matrix products, each of its own operands",
        extents: &["b", "k", "m", "n"],
        layouts: PRODUCT_LAYOUTS,
        work: |case| work::batched(case.extent("b"), product(case), Sizes::of_case(case)),
    },
    Operation {
        name: "grouped_matmul",
        summary: "products of g experts that have m rows each",
        extents: &["g", "k", "m", "n"],
        layouts: PRODUCT_LAYOUTS,
        work: |case| work::grouped(case.extent("g"), product(case), Sizes::of_case(case)),
    },
    Operation {
        name: "attention_prefill",
        summary: "attention of sq queries to skv keys in each of b sequences",
        extents: ATTENTION_EXTENTS,
        layouts: MASKS,
        work: |case| work::attention(attention(case), case.element_bytes()),
    },
    Operation {
        name: "attention_backward",
        summary: "gradients of queries, keys and values of an attention",
        extents: ATTENTION_EXTENTS,
        layouts: MASKS,
        work: |case| work::attention_backward(attention(case), case.element_bytes()),
    },
    Operation {
        name: "attention_decode",
        summary: "attention of one query to skv keys in each of b sequences",
        extents: &["b", "d", "dv", "hkv", "hq", "skv"],
        layouts: &[],
        work: |case| {
            work::attention(
                Attention {
                    sq: 1,
                    ..attention(case)
                },
                case.element_bytes(),
            )
        },
    },
    Operation {
        name: "latent_decode",
        summary: "attention of sq queries to skv latents, of which the first dv elements are the values",
        extents: &["b", "d", "dv", "hq", "skv", "sq"],
        layouts: MASKS,
        work: |case| work::latent_attention(attention(case), case.element_bytes()),
    },
    Operation {
        name: "rms_norm",
        summary: "root mean square norm of rows of a width",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::rms_norm),
    },
    Operation {
        name: "rms_norm_backward",
        summary: "gradients of input and weights of a root mean square norm",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::rms_norm_backward),
    },
    Operation {
        name: "rotary",
        summary: "rotary position embedding of d elements of each head, or back",
        extents: &["d", "heads", "rows"],
        layouts: &[],
        work: |case| {
            let [rows, heads, d] = ["rows", "heads", "d"].map(|name| case.extent(name));
            work::rotary(rows, heads, d, case.element_bytes())
        },
    },
    Operation {
        name: "swiglu",
        summary: "gated unit, n outputs",
        extents: &["n"],
        layouts: &[],
        work: |case| work::swiglu(case.extent("n"), case.element_bytes()),
    },
    Operation {
        name: "swiglu_backward",
        summary: "gradients of both inputs of a gated unit of n outputs",
        extents: &["n"],
        layouts: &[],
        work: |case| work::swiglu_backward(case.extent("n"), case.element_bytes()),
    },
    Operation {
        name: "add",
        summary: "sum of two arrays of n elements, as at a residual connection",
        extents: &["n"],
        layouts: &[],
        work: |case| work::add(case.extent("n"), case.element_bytes()),
    },
    Operation {
        name: "softmax",
        summary: "softmax of rows of a width",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::softmax),
    },
    Operation {
        name: "cross_entropy",
        summary: "loss of rows of logits",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::cross_entropy),
    },
    Operation {
        name: "cross_entropy_backward",
        summary: "gradient of the mean loss of rows of logits",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::cross_entropy_backward),
    },
    Operation {
        name: "gather",
        summary: "rows of a table by index",
        extents: ROWS,
        layouts: &[],
        work: |case| of_rows(case, work::gather),
    },
    Operation {
        name: "adamw",
        summary: "optimizer step of n parameters; the layout names the precision of the copy that the model computes with",
        extents: &["n"],
        layouts: &["", "f16", "bf16", "f8", "i8"],
        work: |case| work::adamw(case.extent("n"), adamw_sizes(case)),
    },
];

const PRODUCT_LAYOUTS: &[&str] = &["nn", "nt", "tn"];
const ATTENTION_EXTENTS: &[&str] = &["b", "d", "dv", "hkv", "hq", "skv", "sq"];
const MASKS: &[&str] = &["causal", "full"];
const ROWS: &[&str] = &["rows", "width"];

/// The work of a case by the name of its operation; none where the name, an extent or the layout is unknown.
#[must_use]
pub fn work_of(case: &Case) -> Option<Work> {
    let operation = OPERATIONS.iter().find(|operation| operation.name == case.kernel)?;
    let layout_fits =
        operation.layouts.contains(&case.layout.as_str()) || (operation.layouts.is_empty() && case.layout.is_empty());
    let fits = layout_fits && case.precision.is_some() && case.shape.names().eq(operation.extents.iter().copied());
    fits.then(|| (operation.work)(case))
}

fn product(case: &Case) -> Product {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    Product { m, n, k }
}

/// Extents that the operation has not are 0, and its work does not look at them.
fn attention(case: &Case) -> Attention {
    let [b, hq, hkv, sq, skv, d, dv] = ["b", "hq", "hkv", "sq", "skv", "d", "dv"].map(|name| case.extent(name));
    Attention {
        b,
        hq,
        hkv,
        sq,
        skv,
        d,
        dv,
        causal: case.layout == "causal",
    }
}

fn of_rows(case: &Case, work: fn(u64, u64, u64) -> Work) -> Work {
    work(case.extent("rows"), case.extent("width"), case.element_bytes())
}

/// Parameters, gradients and moments are all stored alike.
fn adamw_sizes(case: &Case) -> AdamwSizes {
    AdamwSizes {
        parameter: case.element_bytes(),
        gradient: case.element_bytes(),
        moment: case.element_bytes(),
        copy: case.layout.parse().map_or(0, Precision::bytes),
    }
}
