//! The round trip between host and device: what it costs to hand work over and to hear that it is done.

use super::{Kernel, Program, Step, Variant, empty};

pub(super) static KERNEL: Kernel = Kernel {
    name: "submit",
    summary: "hands over one workgroup that stores one number, and waits for it: the round trip from the host",
    formula: "y = 1, submitted by itself and waited for",
    tolerance: "exact",
    literature: &[],
    variants: |_| {
        let store = empty::variant();
        let steps = store.program.steps.into_iter().chain([Step::Wait]).collect();
        vec![Variant {
            name: "store-wait".to_owned(),
            program: Program {
                steps,
                needs: store.program.needs,
            },
            ..store
        }]
    },
    ..empty::KERNEL
};
