//! How much memory the host has to spare.

use sysinfo::System;

/// Bytes that can be had now without taking them from anybody: what the system can spare or, if that is less, what the
/// limit of a container leaves. None where the system does not say.
pub(super) fn free() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let available = Some(system.available_memory()).filter(|bytes| *bytes > 0)?;
    // Cached files count as used in a container, but make room when room is needed.
    let limits = system.cgroup_limits();
    let left = limits.map(|limits| limits.total_memory.saturating_sub(limits.rss));
    Some(left.map_or(available, |left| left.min(available)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_machine_that_runs_this_has_some() {
        assert!(super::free().is_none_or(|bytes| bytes > 1 << 20));
    }
}
