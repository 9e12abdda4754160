//! What a choice of variant holds for: a device behind a driver, a kernel as it is written now, and shapes of about one
//! size.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::kernels::{Case, Kernel, Step};

/// The key of an entry of the cache.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Key of the device: [`Keys::hard`](crate::record::Keys::hard) of a session.
    pub hard: String,
    /// Key of driver and versions: its `soft`.
    pub soft: String,
    /// The kernel.
    pub kernel: String,
    /// How the inputs are stored; empty for a kernel without data.
    pub precision: String,
    /// The layout; empty where there is no choice.
    pub layout: String,
    /// Every extent rounded down to a power of two, as `k=1024,m=1,n=4096`.
    pub bucket: String,
    /// Hot or cold.
    pub cache: String,
    /// SHA-256 of all that the kernel's variants consist of for such a case.
    pub sources: String,
}

impl Key {
    /// The key of a case of a kernel on a device with these keys of identity.
    #[must_use]
    pub fn of(kernel: &Kernel, case: &Case, hard: &str, soft: &str) -> Self {
        let bucket = |(name, extent): (&str, u64)| format!("{name}={}", 1_u64 << extent.ilog2());
        Self {
            hard: hard.to_owned(),
            soft: soft.to_owned(),
            kernel: case.kernel.clone(),
            precision: case.precision.map_or("", |precision| precision.word()).to_owned(),
            layout: case.layout.clone(),
            bucket: case.shape.extents().map(bucket).collect::<Vec<_>>().join(","),
            cache: case.cache.word().to_owned(),
            sources: sources(kernel, case),
        }
    }

    /// A name for a file: the first 16 characters of the SHA-256 of all fields.
    #[must_use]
    pub fn file_name(&self) -> String {
        let fields = [
            &self.hard,
            &self.soft,
            &self.kernel,
            &self.precision,
            &self.layout,
            &self.bucket,
            &self.cache,
            &self.sources,
        ];
        let hash = hex(fields.into_iter().map(String::as_bytes));
        format!("{}.json", &hash[..16])
    }
}

/// A kernel that is written otherwise, or has other variants, is another kernel. What differs from case to case alone,
/// as the extents, is not part of it.
fn sources(kernel: &Kernel, case: &Case) -> String {
    let variants = (kernel.variants)(case);
    let parts = variants.iter().flat_map(|variant| {
        let steps = variant.program.steps.iter().map(|step| match step {
            Step::Shader(shader) => format!("{}\n{}", shader.entry, shader.source),
            other => format!("{other:?}"),
        });
        std::iter::once(variant.name.clone()).chain(steps)
    });
    let parts: Vec<String> = parts.collect();
    hex(parts.iter().map(String::as_bytes))
}

/// SHA-256 of texts, each ended by a zero.
fn hex<'a>(texts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text);
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Precision, find};

    fn key(m: u64, n: u64, k: u64) -> Key {
        let case = Case::hot("matmul", Precision::F32, "nn", &[("m", m), ("n", n), ("k", k)]);
        Key::of(find("matmul").expect("a kernel"), &case, "hard", "soft")
    }

    #[test]
    fn sizes_within_a_power_of_two_share_a_key() {
        assert_eq!(key(512, 512, 512), key(1000, 1020, 600));
        assert_eq!(key(512, 512, 512).bucket, "k=512,m=512,n=512");
        assert_ne!(key(512, 512, 512), key(1024, 512, 512));
        assert_ne!(key(1, 512, 512), key(2, 512, 512));
    }

    #[test]
    fn another_text_is_another_kernel() {
        // Rows that do not divide by four are loaded one by one.
        assert_ne!(key(512, 512, 512).sources, key(512, 513, 512).sources);
        assert_ne!(key(512, 512, 512).file_name(), key(512, 513, 512).file_name());
    }
}
