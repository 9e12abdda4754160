//! What a machine says of itself while it works, as far as anybody may ask.

use serde::{Deserialize, Serialize};

/// Readings of one moment, or since the moment before. What the platform does not offer is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Readings {
    /// Logical processors that other processes kept busy since the last look, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<f64>,
    /// Part of the processors' time that a hypervisor gave to somebody else since the last look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stolen: Option<f64>,
    /// Clock of the device's cores, in MHz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_mhz: Option<f64>,
    /// Power that the device draws, in W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_w: Option<f64>,
    /// Temperature of the device, in degrees Celsius.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<f64>,
    /// Energy that the device has used since some moment, in J.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_j: Option<f64>,
    /// Why the device holds its clock back, in the driver's words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub throttled: Vec<String>,
}
