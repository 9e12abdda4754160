//! Work on rows and elements: what memory binds on every accelerator.

use crate::kernels::Work;

/// Bytes of a stored index or target: a 32-bit integer.
pub const INDEX_BYTES: u64 = 4;

/// Bytes of a stored loss: f32 whatever the logits are stored in.
pub const LOSS_BYTES: u64 = 4;

/// y = a + b over n elements.
#[must_use]
pub const fn add(n: u64, element: u64) -> Work {
    Work {
        operations: n,
        read: 2 * n * element,
        written: n * element,
    }
}

/// y = x r w with r = 1 / sqrt(mean(x^2) + epsilon) for each row of `width` elements and one w of `width` for all rows
/// (Zhang and Sennrich, Root mean square layer normalization, 2019).
#[must_use]
pub const fn rms_norm(rows: u64, width: u64, element: u64) -> Work {
    let of_element = 2 + 2; // square and its sum; times r, times w
    let of_row = 1 + 1 + 1 + 1; // sum to mean, plus epsilon, root, reciprocal
    Work {
        operations: rows * (width * of_element + of_row),
        read: (rows * width + width) * element,
        written: rows * width * element,
    }
}

/// From x, w and dy: with g = dy w and n = x r (both r and n are the forward kernel's), dx = r (g - n mean(g n)), and
/// dw = dy n summed over the rows.
#[must_use]
pub const fn rms_norm_backward(rows: u64, width: u64, element: u64) -> Work {
    let of_element = 1 + 2 + 3 + 2; // g; g n and its sum; n mean, the difference, times r; dy n and its sum
    let of_row = 1; // sum to mean
    Work {
        operations: rows * (width * of_element + of_row),
        read: (2 * rows * width + width) * element,
        written: (rows * width + width) * element,
    }
}

/// Rotary position embedding of `d` elements of each head, in place: pairs (x, y) become (x cos - y sin, y cos + x sin).
/// Every row is at a position of its own, whose d / 2 cosines and d / 2 sines are read once for all heads (Su et al.,
/// RoFormer, 2021). Backward is the rotation by the opposite angle: the same work.
#[must_use]
pub const fn rotary(rows: u64, heads: u64, d: u64, element: u64) -> Work {
    let of_pair = 4 + 2; // products; sums
    Work {
        operations: rows * heads * (d / 2) * of_pair,
        read: (rows * heads * d + rows * d) * element,
        written: rows * heads * d * element,
    }
}

/// y = gate / (1 + exp(-gate)) up over n elements of y (Shazeer, GLU variants improve transformer, 2020).
#[must_use]
pub const fn swiglu(n: u64, element: u64) -> Work {
    Work {
        operations: n * (1 + 1 + 1 + 1), // exponential, sum, quotient, product
        read: 2 * n * element,
        written: n * element,
    }
}

/// From gate, up and dy: with s = 1 / (1 + exp(-gate)) and z = gate s, which are the forward kernel's,
/// dup = dy z and dgate = dy up (s + z (1 - s)).
#[must_use]
pub const fn swiglu_backward(n: u64, element: u64) -> Work {
    Work {
        operations: n * (1 + 5), // dup; dgate
        read: 3 * n * element,
        written: 2 * n * element,
    }
}

/// y = exp(x - max) / sum of exp(x - max) for each row; finding the maximum is comparisons.
#[must_use]
pub const fn softmax(rows: u64, width: u64, element: u64) -> Work {
    Work {
        operations: rows * width * (1 + 1 + 1 + 1), // difference, exponential, sum, quotient
        read: rows * width * element,
        written: rows * width * element,
    }
}

/// The loss log(sum of exp(x - max)) - (x_target - max) of each row of `width` logits and its target's index.
#[must_use]
pub const fn cross_entropy(rows: u64, width: u64, element: u64) -> Work {
    let of_element = 1 + 1 + 1; // difference, exponential, sum
    let of_row = 1 + 1; // logarithm, difference
    Work {
        operations: rows * (width * of_element + of_row),
        read: rows * (width * element + INDEX_BYTES),
        written: rows * LOSS_BYTES,
    }
}

/// The gradient of the mean loss, (softmax(x) - 1 at the target) / rows, from logits and targets; exponentials and sums
/// are the forward kernel's.
#[must_use]
pub const fn cross_entropy_backward(rows: u64, width: u64, element: u64) -> Work {
    let of_element = 1 + 1; // quotient, times 1 / rows
    let of_row = 1; // minus 1 at the target
    Work {
        operations: rows * (width * of_element + of_row),
        read: rows * (width * element + INDEX_BYTES),
        written: rows * width * element,
    }
}

/// Copies one row of a table for each index; the indices are taken to be all different.
#[must_use]
pub const fn gather(rows: u64, width: u64, element: u64) -> Work {
    Work {
        operations: 0,
        read: rows * (width * element + INDEX_BYTES),
        written: rows * width * element,
    }
}

/// Bytes of what an optimizer keeps for one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdamwSizes {
    /// The parameter itself.
    pub parameter: u64,
    /// Its gradient.
    pub gradient: u64,
    /// Each of the two moments.
    pub moment: u64,
    /// The rounded copy that the model computes with; 0 where it computes with the parameter itself.
    pub copy: u64,
}

/// One step for n parameters (Loshchilov and Hutter, Decoupled weight decay regularization, 2019, algorithm 2). What
/// depends on the step alone, as 1 / (1 - beta^t), is computed once and not counted.
#[must_use]
pub const fn adamw(n: u64, sizes: AdamwSizes) -> Work {
    let first = 3; // m = b1 m + (1 - b1) g
    let second = 4; // v = b2 v + (1 - b2) g g
    let corrected = 1 + 1 + 1 + 1; // m c1; root of v c2, plus epsilon
    let step = 1 + 2 + 2; // quotient; plus decay p; p -= rate times that
    let state = sizes.parameter + 2 * sizes.moment;
    Work {
        operations: n * (first + second + corrected + step),
        read: n * (state + sizes.gradient),
        written: n * (state + sizes.copy),
    }
}
