//! What a device is: the facts that say whether two results may be compared. No host name, user, path or serial number
//! is among them. `record` makes the keys from these facts.

use serde::{Deserialize, Serialize};

/// What kind of thing runs the shaders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceType {
    /// A GPU with memory of its own.
    Discrete,
    /// A GPU that shares the host's memory.
    Integrated,
    /// A GPU behind a hypervisor.
    Virtual,
    /// The driver does not say.
    Other,
    /// The host's own processor, through a software driver.
    Cpu,
}

impl DeviceType {
    /// The word used in records and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Discrete => "discrete",
            Self::Integrated => "integrated",
            Self::Virtual => "virtual",
            Self::Other => "other",
            Self::Cpu => "cpu",
        }
    }
}

/// Facts of identity of a device and of the host that drives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Adapter name as the driver reports it.
    pub adapter: String,
    /// PCI vendor id, or 0.
    pub vendor_id: u32,
    /// PCI device id, or 0.
    pub device_id: u32,
    /// API, as `vulkan`.
    pub backend: String,
    /// Kind of device.
    pub device_type: DeviceType,
    /// Driver name.
    pub driver: String,
    /// Driver version and build, as it reports them.
    pub driver_version: String,
    /// OS family, as `linux`.
    pub os: String,
    /// Kernel release; empty where unknown.
    pub kernel_release: String,
    /// Architecture of the host, as `x86_64`.
    pub arch: String,
    /// Model of the host's processor; empty where unknown.
    pub cpu_model: String,
    /// Logical processors of the host.
    pub logical_cores: u32,
    /// Version of wgpu that this program was built with.
    pub wgpu: String,
    /// Version of this program.
    pub onpar: String,
}

impl Identity {
    /// The software driver's family, which stays the same from one version to the next: `llvmpipe`, `swiftshader`, `warp`,
    /// or the first word of the driver's name.
    #[must_use]
    pub fn driver_family(&self) -> String {
        let names = format!("{} {}", self.adapter, self.driver).to_lowercase();
        let known = [
            ("llvmpipe", "llvmpipe"),
            ("swiftshader", "swiftshader"),
            ("basic render", "warp"),
            ("warp", "warp"),
        ];
        known
            .iter()
            .find(|(part, _)| names.contains(part))
            .map(|(_, family)| (*family).to_owned())
            .or_else(|| self.driver.to_lowercase().split_whitespace().next().map(str::to_owned))
            .unwrap_or_else(|| "unknown".to_owned())
    }

    /// The LLVM version that a software driver compiles with, if it says so; empty otherwise.
    #[must_use]
    pub fn llvm(&self) -> String {
        let text = format!("{} {}", self.adapter, self.driver_version);
        text.split_once("LLVM ").map_or_else(String::new, |(_, rest)| {
            rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect()
        })
    }

    /// Whether a name can be given to what was measured. Nothing is recorded for a device that has none.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let named = !self.adapter.trim().is_empty();
        let host = self.device_type != DeviceType::Cpu || (!self.cpu_model.is_empty() && self.logical_cores > 0);
        named && host
    }

    /// Fills in what the host is; the device's own facts come from its driver.
    #[must_use]
    pub(super) fn of_host() -> Self {
        let mut system = sysinfo::System::new();
        system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
        let model = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
        Self {
            adapter: String::new(),
            vendor_id: 0,
            device_id: 0,
            backend: String::new(),
            device_type: DeviceType::Other,
            driver: String::new(),
            driver_version: String::new(),
            os: std::env::consts::OS.to_owned(),
            kernel_release: sysinfo::System::kernel_version().unwrap_or_default(),
            arch: std::env::consts::ARCH.to_owned(),
            cpu_model: model.unwrap_or_default(),
            logical_cores: u32::try_from(system.cpus().len()).unwrap_or_default(),
            wgpu: locked_version("wgpu"),
            onpar: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The version of a dependency in the lock file that this program was built with.
fn locked_version(package: &str) -> String {
    let lock = include_str!("../../Cargo.lock");
    let head = format!("name = \"{package}\"\nversion = \"");
    lock.split_once(&head)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or_else(String::new, |(version, _)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn software(adapter: &str, driver: &str, driver_version: &str) -> Identity {
        Identity {
            adapter: adapter.to_owned(),
            driver: driver.to_owned(),
            driver_version: driver_version.to_owned(),
            device_type: DeviceType::Cpu,
            ..Identity::of_host()
        }
    }

    #[test]
    fn a_software_driver_keeps_its_family_over_versions() {
        let old = software(
            "llvmpipe (LLVM 15.0.6, 256 bits)",
            "llvmpipe",
            "Mesa 22.3.6 (LLVM 15.0.6)",
        );
        let new = software(
            "llvmpipe (LLVM 22.1.0, 512 bits)",
            "llvmpipe",
            "Mesa 26.2.1 (LLVM 22.1.0)",
        );
        assert_eq!(old.driver_family(), new.driver_family());
        assert_eq!(old.llvm(), "15.0.6");
        assert_eq!(new.llvm(), "22.1.0");
        let swift = software("SwiftShader Device (Subzero)", "SwiftShader driver", "");
        assert_eq!(swift.driver_family(), "swiftshader");
        assert_eq!(
            software("Microsoft Basic Render Driver", "", "").driver_family(),
            "warp"
        );
    }

    #[test]
    fn the_locked_version_of_wgpu_is_known() {
        assert!(locked_version("wgpu").starts_with("30."), "{}", locked_version("wgpu"));
    }

    #[test]
    fn a_device_without_a_name_is_not_known() {
        assert!(!software(" ", "x", "").is_known());
        assert!(software("llvmpipe", "x", "").is_known());
    }
}
