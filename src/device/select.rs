//! Finding devices: what there is, and which one a user means.

use serde::{Deserialize, Serialize};

use super::gpu::{Adapter, Gpu, adapters};
use super::scripted::Scripted;
use super::{Device, DeviceType, Identity};
use crate::error::{Error, Result};

/// One device of this machine. A GPU seen through two APIs is one device with two backends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    /// Its number for `--device`.
    pub index: usize,
    /// What it is, as the backend says that would be used.
    pub identity: Identity,
    /// Every API it is seen through, the one that would be used first.
    pub backends: Vec<String>,
    /// Whether it is what runs without `--device`.
    pub default: bool,
}

/// Which device the user means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The most capable real GPU, else a software adapter.
    Default,
    /// By its number or a part of its name.
    Named(String),
    /// A script in place of a device, for tests: `scripted:FILE`.
    Scripted(String),
}

impl From<Option<&str>> for Selection {
    fn from(text: Option<&str>) -> Self {
        match text {
            None => Self::Default,
            Some(text) => text
                .strip_prefix("scripted:")
                .map_or_else(|| Self::Named(text.to_owned()), |file| Self::Scripted(file.to_owned())),
        }
    }
}

/// Every device of this machine.
#[must_use]
pub fn list() -> Vec<Listed> {
    listed(&grouped(adapters()))
}

/// Opens the device that the selection names, and says which it is.
///
/// # Errors
/// [`Error::NoDevice`] if there is none at all, [`Error::Usage`] with the list if the name fits none or several,
/// [`Error::Device`] if the driver does not open it.
pub fn open(selection: &Selection) -> Result<Box<dyn Device>> {
    if let Selection::Scripted(file) = selection {
        return Ok(Box::new(Scripted::from_file(file)?));
    }
    let groups = grouped(adapters());
    let all = listed(&groups);
    let chosen = choose(&all, selection)?;
    let adapter = &groups[chosen][0];
    let name = &adapter.identity.adapter;
    if !adapter.identity.is_known() {
        return Err(Error::Device(format!(
            "device {chosen} ('{name}') cannot be identified: adapter name, or for a software adapter the host's \
             processor, is unknown, and a result without a name is of no use; choose another with --device"
        )));
    }
    match Gpu::open(adapter) {
        Ok(gpu) => Ok(Box::new(gpu)),
        Err(failure) => Err(Error::Device(format!("device {chosen} ({name}): {failure}"))),
    }
}

/// Adapters of the same device together, the backend to use first.
fn grouped(adapters: Vec<Adapter>) -> Vec<Vec<Adapter>> {
    let mut groups: Vec<Vec<Adapter>> = Vec::new();
    for adapter in adapters {
        let same = |group: &&mut Vec<Adapter>| group.iter().all(|other| same_device(other, &adapter));
        match groups.iter_mut().find(same) {
            Some(group) => group.push(adapter),
            None => groups.push(vec![adapter]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|adapter| preference(&adapter.identity.backend));
    }
    groups
}

/// Two adapters of one backend are two devices, however alike. Across backends the ids decide, and the bus where both
/// backends name it.
fn same_device(a: &Adapter, b: &Adapter) -> bool {
    let ids = |x: &Adapter| (x.identity.vendor_id, x.identity.device_id, x.identity.device_type);
    let bus = a.pci_bus.is_empty() || b.pci_bus.is_empty() || a.pci_bus == b.pci_bus;
    a.identity.backend != b.identity.backend && ids(a) == ids(b) && bus
}

fn preference(backend: &str) -> usize {
    ["vulkan", "metal", "dx12"]
        .iter()
        .position(|known| *known == backend)
        .unwrap_or(usize::MAX)
}

fn listed(groups: &[Vec<Adapter>]) -> Vec<Listed> {
    let best = (0..groups.len()).max_by_key(|&index| {
        let adapter = &groups[index][0];
        (
            capability(adapter.identity.device_type),
            adapter.largest_buffer,
            std::cmp::Reverse(index),
        )
    });
    let entry = |(index, group): (usize, &Vec<Adapter>)| Listed {
        index,
        identity: group[0].identity.clone(),
        backends: group.iter().map(|adapter| adapter.identity.backend.clone()).collect(),
        default: Some(index) == best,
    };
    groups.iter().enumerate().map(entry).collect()
}

fn capability(device_type: DeviceType) -> u8 {
    match device_type {
        DeviceType::Discrete => 4,
        DeviceType::Virtual => 3,
        DeviceType::Integrated => 2,
        DeviceType::Other => 1,
        DeviceType::Cpu => 0,
    }
}

fn choose(all: &[Listed], selection: &Selection) -> Result<usize> {
    let Some(default) = all.iter().find(|device| device.default) else {
        return Err(Error::NoDevice(nothing_here()));
    };
    let Selection::Named(wanted) = selection else {
        return Ok(default.index);
    };
    if let Ok(index) = wanted.parse::<usize>() {
        let fits = all.iter().any(|device| device.index == index);
        return fits
            .then_some(index)
            .ok_or_else(|| no_such(&format!("no device has the number {index}"), all));
    }
    let part = wanted.to_lowercase();
    let fits: Vec<&Listed> = all
        .iter()
        .filter(|device| device.identity.adapter.to_lowercase().contains(&part))
        .collect();
    match fits[..] {
        [device] => Ok(device.index),
        [] => Err(no_such(&format!("no device has '{wanted}' in its name"), all)),
        _ => Err(no_such(
            &format!("'{wanted}' is in more than one name; use a longer part or the number"),
            all,
        )),
    }
}

/// A complaint about `--device`, and what there is to choose from.
fn no_such(complaint: &str, all: &[Listed]) -> Error {
    let lines = all
        .iter()
        .map(|device| format!("\n  {}  {}", device.index, device.identity.adapter));
    Error::Usage(format!(
        "--device: {complaint}. There are:{}",
        lines.collect::<String>()
    ))
}

/// What to install where nothing can run shaders.
fn nothing_here() -> String {
    let remedy = if cfg!(target_os = "linux") {
        "Install the driver of your GPU, or to run on the processor: apt install libvulkan1 mesa-vulkan-drivers \
         (Debian, Ubuntu), dnf install vulkan-loader mesa-vulkan-drivers (Fedora). If they are installed, look whether \
         VK_DRIVER_FILES or VK_ICD_FILENAMES hides them"
    } else if cfg!(target_os = "macos") {
        "Metal finds no GPU: in a virtual machine, enable its graphics"
    } else {
        "Install the driver of your GPU; Windows itself brings a software adapter (WARP) with DirectX 12"
    };
    format!("no device: no Vulkan, Metal or DirectX 12 driver offers an adapter. {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(index: usize, adapter: &str, default: bool) -> Listed {
        Listed {
            index,
            identity: Identity {
                adapter: adapter.to_owned(),
                ..Identity::of_host()
            },
            backends: vec!["vulkan".to_owned()],
            default,
        }
    }

    fn named(text: &str) -> Selection {
        Selection::from(Some(text))
    }

    #[test]
    fn a_device_is_named_by_number_or_part() {
        let all = [
            device(0, "llvmpipe (LLVM 15)", false),
            device(1, "NVIDIA H20", true),
            device(2, "NVIDIA H200", false),
        ];
        assert_eq!(choose(&all, &Selection::Default).expect("default"), 1);
        assert_eq!(choose(&all, &named("2")).expect("number"), 2);
        assert_eq!(choose(&all, &named("LLVM")).expect("part"), 0);
        for (text, part) in [
            ("nosuch", "1  NVIDIA H20"),
            ("7", "the number 7"),
            ("h20", "more than one"),
        ] {
            let error = choose(&all, &named(text)).expect_err(text);
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn no_device_names_the_package() {
        let error = choose(&[], &Selection::Default).expect_err("none");
        assert_eq!(error.exit_code(), 6);
        #[cfg(target_os = "linux")]
        assert!(
            error.to_string().contains("apt install libvulkan1 mesa-vulkan-drivers"),
            "{error}"
        );
    }
}
