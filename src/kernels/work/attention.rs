//! Attention: O = softmax(Q K^T) V, where every kv head serves hq / hkv query heads.
//!
//! Only the matrix products count, two operations for every (query, key) pair that the mask lets through, every query
//! head and every element of the inner dimension. Scale, mask, maximum, exponentials, sums and division do not; nor does
//! what a kernel computes of masked pairs.

use crate::kernels::Work;

/// The extents of an attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attention {
    /// Sequences.
    pub b: u64,
    /// Query heads.
    pub hq: u64,
    /// Heads of keys and values.
    pub hkv: u64,
    /// Queries of a sequence.
    pub sq: u64,
    /// Keys of a sequence.
    pub skv: u64,
    /// Elements of a query and of a key, in one head.
    pub d: u64,
    /// Elements of a value, in one head.
    pub dv: u64,
    /// Whether the queries are the last `sq` of the `skv` positions and see none behind their own. (Where `sq` is the
    /// larger, the first queries see nothing; their bytes count all the same.)
    pub causal: bool,
}

/// Number of (query, key) pairs of one head that the mask lets through.
///
/// Query i of sq stands at position skv - sq + i, so it sees skv - sq + i + 1 keys, or none where that is less than one:
/// with v = min(sq, skv) queries that see any, the sum is v (skv - v) + v (v + 1) / 2.
#[must_use]
pub const fn visible_pairs(sq: u64, skv: u64, causal: bool) -> u64 {
    if !causal {
        return sq * skv;
    }
    let seeing = if sq < skv { sq } else { skv };
    seeing * (skv - seeing) + seeing * (seeing + 1) / 2
}

impl Attention {
    /// Pairs of all sequences and query heads.
    const fn pairs(&self) -> u64 {
        self.b * self.hq * visible_pairs(self.sq, self.skv, self.causal)
    }

    const fn q(&self) -> u64 {
        self.b * self.hq * self.sq * self.d
    }

    const fn k(&self) -> u64 {
        self.b * self.hkv * self.skv * self.d
    }

    const fn v(&self) -> u64 {
        self.b * self.hkv * self.skv * self.dv
    }

    const fn o(&self) -> u64 {
        self.b * self.hq * self.sq * self.dv
    }
}

/// Forward; decoding is the case sq = 1. F = 2 b hq pairs (d + dv): the scores Q K^T and the sums P V. Q is read once, K
/// and V once for each kv head, O is written.
#[must_use]
pub const fn attention(a: Attention, element: u64) -> Work {
    Work {
        operations: 2 * a.pairs() * (a.d + a.dv),
        read: (a.q() + a.k() + a.v()) * element,
        written: a.o() * element,
    }
}

/// Backward. Five products to the forward kernel's two, F = 2 b hq pairs (3 d + 2 dv), which is 2.5 times the forward
/// count where d = dv (Dao et al., FlashAttention, 2022, whose benchmark counts so): the scores Q K^T once more, because
/// the probabilities are never stored, dP = dO V^T, dV = P^T dO, dQ = dS K, dK = dS^T Q. Any recomputation beyond that
/// one is not work. Q, K, V, O and dO are read, dQ, dK and dV written.
#[must_use]
pub const fn attention_backward(a: Attention, element: u64) -> Work {
    Work {
        operations: 2 * a.pairs() * (3 * a.d + 2 * a.dv),
        read: (a.q() + a.k() + a.v() + 2 * a.o()) * element,
        written: (a.q() + a.k() + a.v()) * element,
    }
}

/// Latent attention in its absorbed form (DeepSeek-V2, 2024, section 2.1): one latent of `d` elements for each position,
/// shared by all query heads, is the key, and its first `dv` elements are the value. So it is read once, and `hkv` is not
/// looked at.
#[must_use]
pub const fn latent_attention(a: Attention, element: u64) -> Work {
    Work {
        operations: 2 * a.pairs() * (a.d + a.dv),
        read: (a.q() + a.b * a.skv * a.d) * element,
        written: a.o() * element,
    }
}
