//! Clock, power, temperature and energy of a device, where its driver tells anybody who asks.

use std::path::{Path, PathBuf};

use nvml_wrapper::enum_wrappers::device::{Clock, TemperatureSensor};
use nvml_wrapper::{Device, Nvml};

use super::Readings;

/// PCI vendor id of NVIDIA.
const NVIDIA: u32 = 0x10de;

/// Whom to ask.
pub(super) enum Sensors {
    /// NVIDIA's management library, which comes with its driver.
    Nvml(Box<Nvml>, String),
    /// Linux's files of a hardware monitor, as the drivers of AMD and Intel have them.
    Hwmon(PathBuf),
    /// Nobody.
    Silent,
}

impl Sensors {
    /// The sensors of the device at a PCI address, as `0000:01:00.0`.
    pub(super) fn of(vendor: u32, pci_bus: &str) -> Self {
        if pci_bus.is_empty() {
            return Self::Silent;
        }
        if vendor == NVIDIA {
            return Nvml::init().map_or(Self::Silent, |nvml| Self::Nvml(Box::new(nvml), pci_bus.to_owned()));
        }
        let device = Path::new("/sys/bus/pci/devices").join(pci_bus).join("hwmon");
        let monitors = std::fs::read_dir(device).into_iter().flatten().flatten();
        monitors
            .map(|entry| Self::Hwmon(entry.path()))
            .next()
            .unwrap_or(Self::Silent)
    }

    /// Energy in J that the device has used since some moment, and nothing else, which is quicker to ask.
    pub(super) fn energy(&self) -> Option<f64> {
        match self {
            Self::Nvml(nvml, pci_bus) => nvidia_energy(&nvml.device_by_pci_bus_id(pci_bus.as_str()).ok()?),
            Self::Hwmon(folder) => hwmon_energy(folder),
            Self::Silent => None,
        }
    }

    /// What they say now.
    pub(super) fn readings(&self) -> Readings {
        match self {
            Self::Nvml(nvml, pci_bus) => nvidia(nvml, pci_bus).unwrap_or_default(),
            Self::Hwmon(folder) => hwmon(folder),
            Self::Silent => Readings::default(),
        }
    }
}

/// NVML counts MHz, mW, degrees and, since the driver was loaded, mJ.
fn nvidia(nvml: &Nvml, pci_bus: &str) -> Option<Readings> {
    let device = nvml.device_by_pci_bus_id(pci_bus).ok()?;
    let milli = |value: f64| value / 1e3;
    let reasons = device.current_throttle_reasons().ok();
    Some(Readings {
        clock_mhz: device.clock_info(Clock::SM).ok().map(f64::from),
        power_w: device.power_usage().ok().map(|mw| milli(f64::from(mw))),
        temperature_c: device.temperature(TemperatureSensor::Gpu).ok().map(f64::from),
        energy_j: nvidia_energy(&device),
        throttled: reasons.map_or_else(Vec::new, |reasons| slowing(reasons.iter_names().map(|(name, _)| name))),
        ..Readings::default()
    })
}

fn nvidia_energy(device: &Device<'_>) -> Option<f64> {
    device.total_energy_consumption().ok().map(|mj| mj as f64 / 1e3)
}

/// An idle device lowers its clock, and a user may have fixed it: neither means that it is too hot or short of power.
fn slowing(names: impl Iterator<Item = &'static str>) -> Vec<String> {
    const HARMLESS: [&str; 3] = ["NONE", "GPU_IDLE", "APPLICATIONS_CLOCKS_SETTING"];
    let words = names.filter(|name| !HARMLESS.contains(name));
    words.map(|name| name.to_lowercase().replace('_', " ")).collect()
}

/// Linux's hwmon interface counts Hz, uW, thousandths of degrees and uJ (kernel documentation, hwmon/sysfs-interface).
fn hwmon(folder: &Path) -> Readings {
    let number = |name: &str| hwmon_number(folder, name);
    let micro = |value: f64| value / 1e6;
    Readings {
        clock_mhz: number("freq1_input").map(micro),
        power_w: number("power1_average").or_else(|| number("power1_input")).map(micro),
        temperature_c: number("temp1_input").map(|value| value / 1e3),
        energy_j: hwmon_energy(folder),
        ..Readings::default()
    }
}

fn hwmon_energy(folder: &Path) -> Option<f64> {
    hwmon_number(folder, "energy1_input").map(|value| value / 1e6)
}

fn hwmon_number(folder: &Path, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(folder.join(name)).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardware_monitor_is_read_in_its_units() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("writes");
        write("freq1_input", "2100000000\n");
        write("power1_average", "123000000\n");
        write("temp1_input", "65000\n");
        let readings = hwmon(folder.path());
        assert_eq!(readings.clock_mhz, Some(2100.0));
        assert_eq!(readings.power_w, Some(123.0));
        assert_eq!(readings.temperature_c, Some(65.0));
        assert_eq!(readings.energy_j, None);
        write("energy1_input", "7500000\n");
        assert_eq!(hwmon(folder.path()).energy_j, Some(7.5));
        write("temp1_input", "unreadable");
        assert_eq!(hwmon(folder.path()).temperature_c, None);
    }

    #[test]
    fn a_device_without_an_address_says_nothing() {
        assert_eq!(Sensors::of(0x1002, "").readings(), Readings::default());
        assert_eq!(Sensors::of(NVIDIA, "ffff:ff:ff.7").readings(), Readings::default());
    }

    #[test]
    fn only_what_slows_a_device_counts() {
        let names = ["GPU_IDLE", "SW_POWER_CAP", "HW_THERMAL_SLOWDOWN"];
        assert_eq!(slowing(names.into_iter()), ["sw power cap", "hw thermal slowdown"]);
    }
}
