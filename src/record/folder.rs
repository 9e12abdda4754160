//! Where a session is kept: `<out>/<device slug>/<date>-<id>`.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::Header;
use crate::device::{DeviceType, Identity};

/// Longest slug, in characters.
const LONGEST_SLUG: usize = 40;

/// Name of the journal in a session's folder.
pub const JOURNAL: &str = "session.jsonl";

/// The folder of a session under the output folder. The date is that of its start in UTC.
#[must_use]
pub fn folder(out: &Path, header: &Header) -> PathBuf {
    let date = header.started.to_zoned_datetime(TimeZone::UTC).date();
    out.join(slug(&header.facts.identity))
        .join(format!("{date}-{}", header.id))
}

/// A short name of a device for folders: of the characters a-z, 0-9 and -, 40 at most. For people only; different
/// devices may share one, since sessions are told apart by id and compared by key.
#[must_use]
pub fn slug(identity: &Identity) -> String {
    let words = if identity.device_type == DeviceType::Cpu {
        format!("{} {}", identity.driver_family(), processor(&identity.cpu_model))
    } else {
        identity.adapter.clone()
    };
    let slug = hyphenated(&words);
    if slug.is_empty() { "device".to_owned() } else { slug }
}

/// A processor's model without its clock and the words that all of them have.
fn processor(model: &str) -> String {
    let model = model.split('@').next().unwrap_or_default();
    let says_nothing = |word: &str| {
        let word = word.to_lowercase();
        matches!(word.as_str(), "cpu" | "processor" | "with") || word.ends_with("-core")
    };
    let words: Vec<_> = model.split_whitespace().filter(|word| !says_nothing(word)).collect();
    words.join(" ")
}

fn hyphenated(words: &str) -> String {
    let plain = words.to_lowercase().replace("(r)", " ").replace("(tm)", " ");
    let parts = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let mut slug = parts.collect::<Vec<_>>().join("-");
    slug.truncate(LONGEST_SLUG);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug_of(device_type: DeviceType, adapter: &str, cpu_model: &str) -> String {
        slug(&Identity {
            adapter: adapter.to_owned(),
            device_type,
            cpu_model: cpu_model.to_owned(),
            vendor_id: 0,
            device_id: 0,
            backend: String::new(),
            driver: String::new(),
            driver_version: String::new(),
            os: String::new(),
            kernel_release: String::new(),
            arch: String::new(),
            logical_cores: 1,
            wgpu: String::new(),
            onpar: String::new(),
        })
    }

    #[test]
    fn a_gpu_is_called_by_its_adapter() {
        for (adapter, slug) in [
            ("NVIDIA GeForce RTX 3090", "nvidia-geforce-rtx-3090"),
            (
                "Intel(R) UHD Graphics 770 (ADL-S GT1)",
                "intel-uhd-graphics-770-adl-s-gt1",
            ),
            ("../../etc", "etc"),
            ("Zhenwu 平头哥 810E", "zhenwu-810e"),
            ("平头哥", "device"),
            (
                "AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO) more",
                "amd-radeon-graphics-radv-raphael-mendoci",
            ),
        ] {
            assert_eq!(slug_of(DeviceType::Discrete, adapter, "ignored"), slug);
        }
    }

    #[test]
    fn a_software_adapter_is_called_by_its_family_and_processor() {
        for (model, slug) in [
            ("AMD EPYC", "llvmpipe-amd-epyc"),
            ("AMD EPYC 7763 64-Core Processor", "llvmpipe-amd-epyc-7763"),
            ("Intel(R) Xeon(R) CPU @ 2.20GHz", "llvmpipe-intel-xeon"),
            (
                "Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz",
                "llvmpipe-intel-core-i7-8650u",
            ),
        ] {
            assert_eq!(
                slug_of(DeviceType::Cpu, "llvmpipe (LLVM 15.0.6, 256 bits)", model),
                slug
            );
        }
    }
}
