//! Whether there is room for a case, found out before anything is allocated: a system whose memory runs out ends processes
//! as it pleases.

use super::Status;
use super::verify::Ended;
use crate::device::{Device, DeviceType};
use crate::kernels::{Buffer, BufferRole, Expected};
use crate::units::{Unit, quantity};

/// Looks whether the buffers of a case keep to the limits of a device, and whether the host has the memory to prove it.
///
/// # Errors
/// [`Ended`] with status unsupported or skipped, and what there is not enough of.
pub(super) fn check(device: &dyn Device, buffers: &[Buffer]) -> Result<(), Ended> {
    let ended = |status, reason| Ended { status, reason };
    let facts = device.facts();
    facts
        .can_hold(buffers)
        .map_err(|reason| ended(Status::Unsupported, reason))?;
    let needed = needed(buffers, facts.identity.device_type);
    match device.free_memory() {
        Some(free) if needed > free => Err(ended(
            Status::Skipped,
            format!(
                "needs about {} of this machine's memory, the proof included (free: {})",
                quantity(needed as f64, Unit::Byte),
                quantity(free as f64, Unit::Byte)
            ),
        )),
        _ => Ok(()),
    }
}

/// Bytes of the host's memory that are in use at once at the most: while the second inputs are filled in, every buffer as
/// it is written and once more on its way to the device, the inputs in f64, and the right answers to these inputs and to
/// the first. On a device without memory of its own the buffers themselves are added.
fn needed(buffers: &[Buffer], device_type: DeviceType) -> u64 {
    let shared = matches!(device_type, DeviceType::Cpu | DeviceType::Integrated);
    let copies = if shared { 3 } else { 2 };
    let bytes = |buffer: &Buffer| {
        let numbers = match buffer.role {
            BufferRole::Input { .. } | BufferRole::Cycle => size_of::<f64>(),
            BufferRole::Output => 2 * size_of::<Expected>(),
            _ => 0,
        };
        buffer
            .bytes()
            .saturating_mul(copies)
            .saturating_add(buffer.elements.saturating_mul(numbers as u64))
    };
    buffers.iter().map(bytes).fold(0, u64::saturating_add)
}
