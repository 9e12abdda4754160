//! Keys of identity: which results may be compared at all, and where a history has a boundary.
//!
//! Results of different *hard* keys are never mixed. Within one hard key, a change of the *soft* key is a named boundary:
//! the same device under another driver, say. Host names, clocks and dates are in neither, because a machine stays the
//! same machine when it is renamed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::hash;
use crate::device::{DeviceType, Identity};

/// Version of the choice of facts below. Keys of different versions say nothing about each other; both can be made anew
/// with [`Keys::of`], since a header holds the facts.
pub const KEY_VERSION: u32 = 1;

/// The keys of a device, each the first 16 characters of the SHA-256 of its facts' canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Keys {
    /// Which version of the choice of facts.
    pub version: u32,
    /// Of the facts that make results incomparable.
    pub hard: String,
    /// Of the facts that make a boundary in a history.
    pub soft: String,
}

/// What a difference in a fact means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hardness {
    /// Never mixed.
    Hard,
    /// Mixed, with a named boundary.
    Soft,
}

/// A fact in which two identities differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Name of the fact, as the header has it.
    pub field: &'static str,
    /// What the difference means: hard if it is hard on either side.
    pub hardness: Hardness,
    /// The first one's; none where the fact is not in the keys of such a device, empty where it is unknown.
    pub a: Option<String>,
    /// The second one's.
    pub b: Option<String>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |value: &Option<String>| value.as_ref().map_or("-".to_owned(), |value| format!("'{value}'"));
        write!(f, "{} {} -> {}", self.field, side(&self.a), side(&self.b))
    }
}

impl Keys {
    /// The keys of an identity, at [`KEY_VERSION`].
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        let facts = facts(identity);
        Self {
            version: KEY_VERSION,
            hard: key(&facts, Hardness::Hard),
            soft: key(&facts, Hardness::Soft),
        }
    }
}

/// The facts in which two identities differ, hard ones first. Empty exactly if both keys are equal.
#[must_use]
pub fn differences(a: &Identity, b: &Identity) -> Vec<Difference> {
    let (ours, theirs) = (facts(a), facts(b));
    let only_theirs = theirs.iter().filter(|fact| find(&ours, fact.field).is_none());
    let mut found: Vec<_> = ours
        .iter()
        .chain(only_theirs)
        .filter_map(|fact| difference(fact.field, find(&ours, fact.field), find(&theirs, fact.field)))
        .collect();
    found.sort_by_key(|difference| difference.hardness);
    found
}

/// The facts of one hardness in which two identities differ, each as `driver_version '1' -> '2'`.
#[must_use]
pub fn changes(before: &Identity, after: &Identity, hardness: Hardness) -> Vec<String> {
    let all = differences(before, after);
    let wanted = all.iter().filter(|difference| difference.hardness == hardness);
    wanted.map(ToString::to_string).collect()
}

fn difference(field: &'static str, a: Option<&Fact>, b: Option<&Fact>) -> Option<Difference> {
    let hardness = a.into_iter().chain(b).map(|fact| fact.hardness).min()?;
    let (a, b) = (a.map(|fact| fact.value.clone()), b.map(|fact| fact.value.clone()));
    (a != b).then_some(Difference { field, hardness, a, b })
}

struct Fact {
    field: &'static str,
    hardness: Hardness,
    value: String,
}

fn find<'a>(facts: &'a [Fact], field: &str) -> Option<&'a Fact> {
    facts.iter().find(|fact| fact.field == field)
}

/// The facts that are in the keys. A software adapter's name holds versions and vector widths, and what it runs on is the
/// host's processor: in place of the name, the processor and the driver's family say what it is.
fn facts(identity: &Identity) -> Vec<Fact> {
    use Hardness::{Hard, Soft};
    let fact = |hardness, field, value: &str| Fact {
        field,
        hardness,
        value: value.to_owned(),
    };
    let software = identity.device_type == DeviceType::Cpu;
    let mut facts = if software {
        vec![
            fact(Hard, "driver_family", &identity.driver_family()),
            fact(Hard, "cpu_model", &identity.cpu_model),
            fact(Hard, "logical_cores", &identity.logical_cores.to_string()),
        ]
    } else {
        vec![
            fact(Hard, "adapter", &identity.adapter),
            fact(Soft, "cpu_model", &identity.cpu_model),
        ]
    };
    facts.extend([
        fact(Hard, "backend", &identity.backend),
        fact(Hard, "device_type", identity.device_type.word()),
        fact(Hard, "os", &identity.os),
        fact(Hard, "arch", &identity.arch),
        fact(Soft, "driver", &identity.driver),
        fact(Soft, "driver_version", &identity.driver_version),
        fact(Soft, "llvm", &identity.llvm()),
        fact(Soft, "kernel_release", &identity.kernel_release),
        fact(Soft, "wgpu", &identity.wgpu),
        fact(Soft, "onpar", &identity.onpar),
    ]);
    facts
}

fn key(facts: &[Fact], hardness: Hardness) -> String {
    let mut subset: Map<String, Value> = facts
        .iter()
        .filter(|fact| fact.hardness == hardness)
        .map(|fact| (fact.field.to_owned(), fact.value.as_str().into()))
        .collect();
    subset.insert("version".to_owned(), KEY_VERSION.into());
    hash::short(Value::Object(subset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lavapipe() -> Identity {
        Identity {
            adapter: "llvmpipe (LLVM 15.0.6, 256 bits)".to_owned(),
            vendor_id: 0x10005,
            device_id: 0,
            backend: "vulkan".to_owned(),
            device_type: DeviceType::Cpu,
            driver: "llvmpipe".to_owned(),
            driver_version: "Mesa 22.3.6 (LLVM 15.0.6)".to_owned(),
            os: "linux".to_owned(),
            kernel_release: "6.1.0".to_owned(),
            arch: "x86_64".to_owned(),
            cpu_model: "AMD EPYC 7763 64-Core Processor".to_owned(),
            logical_cores: 4,
            wgpu: "30.0.0".to_owned(),
            onpar: "0.1.0".to_owned(),
        }
    }

    fn gpu() -> Identity {
        Identity {
            adapter: "NVIDIA H20".to_owned(),
            device_type: DeviceType::Discrete,
            driver: "NVIDIA".to_owned(),
            driver_version: "570.86".to_owned(),
            ..lavapipe()
        }
    }

    fn changed(identity: &Identity, change: impl FnOnce(&mut Identity)) -> Vec<Difference> {
        let mut other = identity.clone();
        change(&mut other);
        let found = differences(identity, &other);
        let (before, after) = (Keys::of(identity), Keys::of(&other));
        let any = |hardness| found.iter().any(|difference| difference.hardness == hardness);
        assert_eq!(any(Hardness::Hard), before.hard != after.hard, "{found:?}");
        assert_eq!(any(Hardness::Soft), before.soft != after.soft, "{found:?}");
        found
    }

    fn names(found: &[Difference]) -> Vec<(&'static str, Hardness)> {
        found.iter().map(|d| (d.field, d.hardness)).collect()
    }

    #[test]
    fn another_mesa_is_the_same_device_behind_a_boundary() {
        use Hardness::Soft;
        let found = changed(&lavapipe(), |i| {
            i.adapter = "llvmpipe (LLVM 22.1.0, 512 bits)".to_owned();
            i.driver_version = "Mesa 26.2.1 (LLVM 22.1.0)".to_owned();
        });
        assert_eq!(names(&found), [("driver_version", Soft), ("llvm", Soft)]);
        assert_eq!(found[1].a.as_deref(), Some("15.0.6"));
        assert_eq!(found[1].b.as_deref(), Some("22.1.0"));
    }

    #[test]
    fn each_listed_fact_moves_its_key_and_nothing_else_moves_any() {
        use Hardness::{Hard, Soft};
        type Change = fn(&mut Identity);
        let changes: [(Change, Option<Hardness>, Option<Hardness>); 13] = [
            (|i| i.adapter.push('x'), Some(Hard), None),
            (|i| i.vendor_id += 1, None, None),
            (|i| i.device_id += 1, None, None),
            (|i| i.backend.push('x'), Some(Hard), Some(Hard)),
            (|i| i.driver.push('x'), Some(Soft), Some(Soft)),
            (|i| i.driver_version.push('x'), Some(Soft), Some(Soft)),
            (|i| i.os.push('x'), Some(Hard), Some(Hard)),
            (|i| i.kernel_release.push('x'), Some(Soft), Some(Soft)),
            (|i| i.arch.push('x'), Some(Hard), Some(Hard)),
            (|i| i.cpu_model.push('x'), Some(Soft), Some(Hard)),
            (|i| i.logical_cores += 1, None, Some(Hard)),
            (|i| i.wgpu.push('x'), Some(Soft), Some(Soft)),
            (|i| i.onpar.push('x'), Some(Soft), Some(Soft)),
        ];
        for (number, (change, on_gpu, on_cpu)) in changes.into_iter().enumerate() {
            let of = |found: Vec<Difference>| found.first().map(|d| d.hardness);
            assert_eq!(of(changed(&gpu(), change)), on_gpu, "change {number} of a GPU");
            assert_eq!(of(changed(&lavapipe(), change)), on_cpu, "change {number} of a CPU");
        }
    }

    #[test]
    fn a_gpu_and_a_processor_differ_in_hard_facts() {
        let found = differences(&gpu(), &lavapipe());
        assert_eq!(found[0].field, "adapter");
        assert_eq!(found[0].b, None);
        assert!(names(&found).contains(&("device_type", Hardness::Hard)));
        assert!(differences(&gpu(), &gpu()).is_empty());
    }

    /// Stored keys must mean the same for ever: whoever changes this raises [`KEY_VERSION`].
    #[test]
    fn the_keys_of_version_1_do_not_change() {
        assert_eq!(Keys::of(&lavapipe()).hard, "cfe70b163485e8e4");
        assert_eq!(Keys::of(&gpu()).soft, "e200a6da72cb205f");
    }
}
