//! The work model against plain loops that count what they do: operations by a number that counts, bytes by buffers that
//! remember which elements were touched. The loops are right, too: gradients are held against slopes.

mod attention;
mod meter;
mod optimizer;
mod products;
mod rows;

use onpar::kernels::work::{self, Product, Sizes};
use onpar::kernels::{Case, OPERATIONS, Work, work_of};

/// Small cases of an operation, and the walk through its loops.
type Walk = (fn(&Case) -> Work, &'static [&'static str]);

const WALKS: &[Walk] = &[
    (
        products::matmul,
        &[
            "matmul/f32/nn/k=1,m=1,n=1/hot",
            "matmul/f32/nn/k=5,m=3,n=4/hot",
            "matmul/bf16/nt/k=7,m=1,n=6/hot",
            "matmul/f16/tn/k=2,m=6,n=5/hot",
            "matmul/f8/nt/k=4,m=3,n=2/hot",
            "matmul/i8/nt/k=4,m=2,n=9/hot",
        ],
    ),
    (
        products::matmul_w8,
        &[
            "matmul_w8/f16/nt/k=4,m=1,n=6/hot",
            "matmul_w8/f32/nn/k=3,m=2,n=5/hot",
            "matmul_w8/bf16/tn/k=2,m=3,n=4/hot",
        ],
    ),
    (
        products::batched_matmul,
        &[
            "batched_matmul/bf16/nn/b=3,k=2,m=4,n=5/hot",
            "batched_matmul/f8/nt/b=2,k=5,m=1,n=3/hot",
        ],
    ),
    (
        products::grouped_matmul,
        &[
            "grouped_matmul/f8/nt/g=1,k=4,m=1,n=6/hot",
            "grouped_matmul/bf16/nt/g=4,k=3,m=2,n=5/hot",
            "grouped_matmul/bf16/tn/g=2,k=2,m=3,n=4/hot",
        ],
    ),
    (
        attention::attention,
        &[
            "attention_prefill/f16/full/b=2,d=4,dv=4,hkv=1,hq=2,skv=5,sq=3/hot",
            "attention_prefill/bf16/causal/b=1,d=4,dv=4,hkv=2,hq=2,skv=4,sq=4/hot",
            "attention_prefill/bf16/causal/b=2,d=3,dv=2,hkv=2,hq=6,skv=7,sq=3/hot",
            "attention_prefill/f32/causal/b=1,d=2,dv=2,hkv=1,hq=4,skv=9,sq=1/hot",
        ],
    ),
    (
        attention::attention_backward,
        &[
            "attention_backward/f32/full/b=2,d=3,dv=3,hkv=1,hq=2,skv=2,sq=3/hot",
            "attention_backward/bf16/causal/b=1,d=4,dv=4,hkv=2,hq=4,skv=4,sq=4/hot",
            "attention_backward/bf16/causal/b=1,d=3,dv=2,hkv=1,hq=2,skv=5,sq=3/hot",
        ],
    ),
    (
        attention::attention,
        &[
            "attention_decode/bf16/-/b=1,d=4,dv=4,hkv=1,hq=4,skv=6/hot",
            "attention_decode/f16/-/b=3,d=4,dv=2,hkv=2,hq=4,skv=5/hot",
        ],
    ),
    (
        attention::latent,
        &[
            "latent_decode/bf16/causal/b=2,d=5,dv=4,hq=3,skv=6,sq=1/hot",
            "latent_decode/bf16/causal/b=1,d=6,dv=4,hq=4,skv=7,sq=3/hot",
            "latent_decode/f16/full/b=1,d=3,dv=2,hq=2,skv=4,sq=2/hot",
        ],
    ),
    (
        rows::rms_norm,
        &[
            "rms_norm/bf16/-/rows=1,width=1/hot",
            "rms_norm/f32/-/rows=3,width=8/hot",
        ],
    ),
    (
        rows::rms_norm_backward,
        &[
            "rms_norm_backward/bf16/-/rows=1,width=4/hot",
            "rms_norm_backward/f32/-/rows=3,width=5/hot",
        ],
    ),
    (
        rows::rotary,
        &[
            "rotary/bf16/-/d=2,heads=1,rows=1/hot",
            "rotary/f32/-/d=8,heads=3,rows=5/hot",
        ],
    ),
    (rows::swiglu, &["swiglu/bf16/-/n=1/hot", "swiglu/f32/-/n=13/hot"]),
    (
        rows::swiglu_backward,
        &["swiglu_backward/bf16/-/n=1/hot", "swiglu_backward/f32/-/n=13/hot"],
    ),
    (rows::add, &["add/bf16/-/n=1/hot", "add/f32/-/n=17/hot"]),
    (
        rows::softmax,
        &["softmax/f16/-/rows=1,width=9/hot", "softmax/f32/-/rows=4,width=7/hot"],
    ),
    (
        rows::cross_entropy,
        &[
            "cross_entropy/bf16/-/rows=1,width=9/hot",
            "cross_entropy/f32/-/rows=4,width=7/hot",
        ],
    ),
    (
        rows::cross_entropy_backward,
        &[
            "cross_entropy_backward/bf16/-/rows=1,width=9/hot",
            "cross_entropy_backward/f32/-/rows=4,width=7/hot",
        ],
    ),
    (
        rows::gather,
        &["gather/bf16/-/rows=1,width=3/hot", "gather/f32/-/rows=5,width=4/hot"],
    ),
    (
        optimizer::adamw,
        &[
            "adamw/f32/-/n=1/hot",
            "adamw/f32/bf16/n=5/hot",
            "adamw/f32/f8/n=4/hot",
            "adamw/bf16/-/n=3/hot",
        ],
    ),
];

fn cases() -> impl Iterator<Item = (fn(&Case) -> Work, Case)> {
    let parsed = |(walk, names): &Walk| {
        let walk = *walk;
        names.iter().map(move |name| (walk, name.parse().expect("a case")))
    };
    WALKS.iter().flat_map(parsed)
}

#[test]
fn the_work_of_every_operation_is_what_a_walk_counts() {
    for (walk, case) in cases() {
        let counted = walk(&case);
        assert_eq!(work_of(&case), Some(counted), "{case}");
    }
}

#[test]
fn every_operation_is_walked_through_twice_or_more() {
    for operation in OPERATIONS {
        let walked = cases().filter(|(_, case)| case.kernel == operation.name).count();
        assert!(walked >= 2, "{} has {walked} walks", operation.name);
    }
}

#[test]
fn names_of_no_operation_have_no_work() {
    for name in [
        "matmul/f32/nn/k=1,m=1/hot",
        "matmul/f32/tt/k=1,m=1,n=1/hot",
        "matmul/-/nn/k=1,m=1,n=1/hot",
        "convolution/f32/-/n=1/hot",
        "add/f32/nn/n=1/hot",
    ] {
        assert_eq!(work_of(&name.parse().expect("a case")), None, "{name}");
    }
}

/// 8-bit weights with 16-bit activations.
#[test]
fn operands_count_at_their_own_sizes() {
    let of = Product { m: 2, n: 3, k: 5 };
    let work = work::product(of, Sizes { a: 2, b: 1, c: 2 });
    assert_eq!((work.operations, work.read, work.written), (60, 2 * 10 + 15, 2 * 6));
}

/// The published factor, and why the exact count of pairs is no round number.
#[test]
fn backward_is_two_and_a_half_times_forward_where_keys_and_values_are_alike() {
    let work = |name: &str| {
        work_of(&name.parse().expect("a case"))
            .expect("an operation")
            .operations
    };
    let shape = "bf16/causal/b=2,d=128,dv=128,hkv=8,hq=32,skv=4096,sq=1024/hot";
    let (forward, backward) = (
        work(&format!("attention_prefill/{shape}")),
        work(&format!("attention_backward/{shape}")),
    );
    assert_eq!(2 * backward, 5 * forward);
    let pairs: u64 = (0..1024).map(|i| 4096 - 1024 + i + 1).sum();
    assert_eq!(forward, 2 * 2 * 32 * pairs * 256);
}
