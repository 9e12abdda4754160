//! The harness's own floor: what a dispatch costs that does nothing worth measuring.

use super::wgsl::source;
use super::{Buffer, Engine, Expected, Kernel, Needs, Precision, Program, Role, Shader, Variant, Work};

pub(super) static KERNEL: Kernel = Kernel {
    name: "empty",
    summary: "one workgroup that stores one number: what the harness itself costs",
    formula: "y = 1",
    tolerance: "exact",
    literature: &[],
    role: Role::Floor,
    extents: &[],
    layouts: &[],
    precisions: &[],
    admits: |_| Ok(()),
    work: |_| Work {
        operations: 0,
        read: 0,
        written: 4,
    },
    buffers: |_| vec![Buffer::output(1, Precision::F32)],
    reference: |_, _| {
        vec![vec![Expected {
            value: 1.0,
            tolerance: 0.0,
        }]]
    },
    variants: |_| vec![variant()],
};

/// The only way to do it.
pub(super) fn variant() -> Variant {
    let shader = Shader {
        source: source(&[], include_str!("../../kernels/empty.wgsl"), ""),
        entry: "main",
        workgroups: 1,
        parameters: Vec::new(),
    };
    let needs = Needs {
        invocations: 1,
        ..Needs::default()
    };
    Variant {
        name: "store".to_owned(),
        default: true,
        engine: Engine::Vector,
        program: Program::of_shader(shader, needs),
    }
}
