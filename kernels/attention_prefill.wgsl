// O = softmax(Q K^T / sqrt d) V with an online softmax: one pass over the keys, no matrix of scores in memory. The entry
// points are generated (src/kernels/attention_prefill.rs): a query row to an invocation, keys from memory or from
// workgroup memory; or a query row to a subgroup, whose lanes share the keys out.
//
// Queries and output are [b, hq, sq, d], keys [b, hkv, skv, d], values [b, hkv, skv, dv]; hq / hkv query heads share a
// head of keys and values.
struct Params { first: u32, end: u32, hq: u32, hkv: u32, sq: u32, skv: u32, causal: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;

// Lower than any score, and finite: the difference of two of them is no NaN.
const LOWEST = -3.0e38;

// The head of keys and values that serves a query head (both counted over the batch).
fn kv_head(head: u32) -> u32 { return head / p.hq * p.hkv + head % p.hq / (p.hq / p.hkv); }

// How many keys a query row sees.
fn visible(row: u32) -> u32 { return select(p.skv, row + p.skv - p.sq + 1u, p.causal == 1u); }
