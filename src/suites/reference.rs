//! Cases that belong to no suite: what the machine itself is judged by, and what empties its caches.

use crate::kernels::{Cache, Case, Precision, Role, find};

const MIB: u64 = 1 << 20;

/// Makes a case start with empty caches, if that means something: traffic and workloads.
pub fn make_cold(case: &mut Case) {
    let role = find(&case.kernel).map(|kernel| kernel.role);
    if matches!(role, Some(Role::MemoryCeiling { .. } | Role::Workload)) {
        case.cache = Cache::Cold;
    }
}

/// The reference kernels, which stand for the clocks of the device: arithmetic and memory traffic, the same in every suite
/// and at every scale, milliseconds on a software adapter.
#[must_use]
pub fn references() -> [Case; 2] {
    [
        Case::hot("fma", Precision::F32, "affine", &[("n", 1 << 14), ("steps", 1024)]),
        Case::hot("copy", Precision::F32, "", &[("n", 1 << 18)]),
    ]
}

/// What the noise of a machine is measured with: arithmetic, traffic in small and large, and a product, some
/// seconds a run on a software adapter.
#[must_use]
pub fn noise() -> Vec<Case> {
    let copy = |bytes: u64| Case::hot("copy", Precision::F32, "", &[("n", bytes / Precision::F32.bytes())]);
    let [fma, _] = references();
    let matmul = Case::hot("matmul", Precision::F32, "nn", &[("m", 256), ("n", 256), ("k", 256)]);
    vec![fma, copy(MIB), copy(8 * MIB), matmul]
}

/// What is read to empty the caches: 128 MiB, the largest buffer that every device lets a shader see.
#[must_use]
pub fn evictor() -> Case {
    Case::hot("read", Precision::F32, "", &[("n", 32 * MIB)])
}
