//! Copies without a shader: what moves memory inside the device, and between it and its host.

use super::{
    Buffer, Cache, Case, Engine, Expected, Kernel, Needs, Place, Precision, Program, Role, Step, Variant, Work,
};

pub(super) static KERNEL: Kernel = Kernel {
    name: "transfer",
    summary: "copies n elements without a shader: the copy engine, and the way between host and device",
    formula: "y[i] = x[i], i < n, by a copy command",
    tolerance: "exact, every byte",
    literature: &[],
    role: Role::Path,
    extents: &[("n", "elements")],
    layouts: &[
        (
            "device",
            "from device memory to device memory: each byte is read and written there",
        ),
        ("upload", "from host memory, which the device reads, to device memory"),
        ("download", "from device memory to host memory, which the device writes"),
    ],
    precisions: &[Precision::F32],
    admits: |case| match case.cache {
        Cache::Hot => Ok(()),
        Cache::Cold => Err("a copy by command is measured hot".to_owned()),
    },
    work,
    buffers: |case| {
        let (from, to) = places(case);
        let n = case.extent("n");
        vec![
            Buffer::input(n, Precision::F32, -1.0, 1.0).at(from),
            Buffer::output(n, Precision::F32).at(to),
        ]
    },
    reference: |_, inputs| {
        let exact = |value: &f64| Expected {
            value: *value,
            tolerance: 0.0,
        };
        vec![inputs[0].iter().map(exact).collect()]
    },
    variants: |_| {
        vec![Variant {
            name: "command".to_owned(),
            default: true,
            engine: Engine::Copy,
            program: Program {
                steps: vec![Step::Copy { from: 0, to: 1 }],
                needs: Needs::default(),
            },
        }]
    },
};

fn places(case: &Case) -> (Place, Place) {
    match case.layout.as_str() {
        "upload" => (Place::Upload, Place::Device),
        "download" => (Place::Device, Place::Download),
        _ => (Place::Device, Place::Device),
    }
}

/// Bytes in the device's memory alone.
fn work(case: &Case) -> Work {
    let bytes = case.extent("n") * case.element_bytes();
    let (from, to) = places(case);
    let at_device = |place| if place == Place::Device { bytes } else { 0 };
    Work {
        operations: 0,
        read: at_device(from),  // x once
        written: at_device(to), // y once
    }
}
