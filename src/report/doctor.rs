//! What `onpar doctor` found.

use std::fmt::Write as _;

use serde::Serialize;

use crate::device::{DeviceType, Facts, Listed};
use crate::measure::{Clock, TimerReport};
use crate::units::{Unit, quantity};

/// One device, looked at closely.
#[derive(Debug, Serialize)]
pub struct Examined {
    /// Which it is.
    #[serde(flatten)]
    pub listed: Listed,
    /// What it can do; none if it does not open.
    pub facts: Option<Facts>,
    /// The timer self-test.
    pub timer: Option<TimerReport>,
    /// Why it does not open.
    pub failure: Option<String>,
    /// Id of the chip among the published figures that its name identifies.
    pub chip: Option<String>,
}

/// The findings, for a reader.
#[must_use]
pub fn text(devices: &[Examined]) -> String {
    let mut text = String::new();
    for device in devices {
        one(&mut text, device);
    }
    for advice in advice(devices) {
        let _ = writeln!(text, "{advice}");
    }
    text
}

fn one(text: &mut String, device: &Examined) {
    let identity = &device.listed.identity;
    let default = if device.listed.default { " (default)" } else { "" };
    let _ = writeln!(text, "device {}{default}: {}", device.listed.index, identity.adapter);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<19}{value}");
    };
    line("kind", kind(identity.device_type));
    line("backends", &device.listed.backends.join(", "));
    line(
        "driver",
        format!("{} {}", identity.driver, identity.driver_version).trim(),
    );
    line(
        "published figures",
        device.chip.as_deref().unwrap_or("none under this name"),
    );
    if let Some(failure) = &device.failure {
        line("does not open", failure);
    }
    if let Some(facts) = &device.facts {
        abilities(facts, &mut line);
    }
    if let Some(timer) = &device.timer {
        clock(timer, &mut line);
    }
    let _ = writeln!(text);
}

fn kind(device_type: DeviceType) -> &'static str {
    match device_type {
        DeviceType::Cpu => "software adapter: this machine's processor, no GPU",
        DeviceType::Discrete => "discrete GPU",
        DeviceType::Integrated => "integrated GPU",
        DeviceType::Virtual => "virtual GPU",
        DeviceType::Other => "unknown",
    }
}

fn abilities(facts: &Facts, line: &mut impl FnMut(&str, &str)) {
    let limits = &facts.limits;
    let bytes = |count: u64| quantity(count as f64, Unit::Byte);
    line(
        "limits",
        &format!(
            "{} invocations and {} of memory a workgroup",
            limits.invocations,
            bytes(u64::from(limits.workgroup_memory))
        ),
    );
    line(
        "",
        &format!(
            "buffers of {}, {} of one seen by a shader",
            bytes(limits.buffer),
            bytes(limits.binding)
        ),
    );
    let subgroups = match facts.subgroup_sizes {
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low} to {high}"),
        None => "unknown".to_owned(),
    };
    line("subgroup size", &subgroups);
    let has = |name: &str, present: bool| format!("{name} {}", if present { "yes" } else { "no" });
    line(
        "features",
        &[
            has("f16", facts.features.f16),
            has("f64", facts.features.f64),
            has("subgroups", facts.features.subgroups),
            has("timestamps", facts.tick.is_some()),
        ]
        .join(", "),
    );
    let matrix = if facts.matrix_configurations.is_empty() {
        "none".to_owned()
    } else {
        facts.matrix_configurations.join("; ")
    };
    line("matrix units", &matrix);
}

fn clock(timer: &TimerReport, line: &mut impl FnMut(&str, &str)) {
    let verdict = match timer.clock {
        Clock::Device => "the device's clock is used",
        Clock::Wall => "the device's clock is NOT used; the host's is, and every row says so",
    };
    line("timer self-test", verdict);
    if let Some((tick, resolution)) = timer.tick.zip(timer.resolution) {
        let shown = |seconds| quantity(seconds, Unit::Second);
        line(
            "",
            &format!("tick {}, smallest step seen {}", shown(tick), shown(resolution)),
        );
    }
    for check in &timer.checks {
        let passed = if check.passed { "passed" } else { "FAILED" };
        line("", &format!("{passed} {}: {}", check.name, check.detail));
    }
}

/// What would make this machine more useful.
fn advice(devices: &[Examined]) -> Vec<&'static str> {
    let mut advice = Vec::new();
    if devices
        .iter()
        .all(|device| device.listed.identity.device_type == DeviceType::Cpu)
    {
        advice.push(if cfg!(target_os = "linux") {
            "No GPU was found. If there is one, install its Vulkan driver: mesa-vulkan-drivers for AMD and Intel, the\n\
             vendor's own driver for NVIDIA; in a container, the driver's files and devices must be passed in."
        } else {
            "No GPU was found. If there is one, install its driver."
        });
    }
    advice
}
