//! How busy the host is with other things than this process: on a software adapter that is how busy the device is.

use std::time::Instant;

use sysinfo::{CpuRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Watches the processors from one look to the next.
pub(super) struct Host {
    system: System,
    own: Option<Pid>,
    last: Instant,
    own_ms: u64,
    #[cfg(target_os = "linux")]
    stolen: Option<(u64, u64)>,
}

/// What it saw since the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Load {
    /// Logical processors busy with other processes, on average.
    pub(super) others: Option<f64>,
    /// Part of the processors' time that went to another virtual machine.
    pub(super) stolen: Option<f64>,
}

impl Host {
    pub(super) fn new() -> Self {
        let mut host = Self {
            system: System::new(),
            own: sysinfo::get_current_pid().ok(),
            last: Instant::now(),
            own_ms: 0,
            #[cfg(target_os = "linux")]
            stolen: None,
        };
        host.look();
        host
    }

    /// What happened since the last look.
    pub(super) fn look(&mut self) -> Load {
        self.system
            .refresh_cpu_specifics(CpuRefreshKind::nothing().with_cpu_usage());
        let own_ms = self.own_ms();
        let elapsed = self.last.elapsed().as_secs_f64();
        self.last = Instant::now();
        let own = own_ms.saturating_sub(self.own_ms) as f64 / 1e3 / elapsed;
        self.own_ms = own_ms;
        let cores = self.system.cpus().len() as f64;
        let busy = f64::from(self.system.global_cpu_usage()) / 100.0 * cores;
        // Usage is counted in hundredths of a second; over a shorter time it says nothing.
        let others = (elapsed >= LEAST && self.own.is_some()).then(|| (busy - own).clamp(0.0, cores));
        Load {
            others,
            stolen: self.stolen(),
        }
    }

    fn own_ms(&mut self) -> u64 {
        let Some(own) = self.own else {
            return 0;
        };
        let what = ProcessRefreshKind::nothing().with_cpu();
        self.system
            .refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, what);
        self.system
            .process(own)
            .map_or(0, sysinfo::Process::accumulated_cpu_time)
    }

    #[cfg(target_os = "linux")]
    fn stolen(&mut self) -> Option<f64> {
        let now = processor_time(&std::fs::read_to_string("/proc/stat").ok()?)?;
        let (stolen, all) = self.stolen.replace(now)?;
        let passed = now.1.checked_sub(all).filter(|passed| *passed > 0)?;
        Some(now.0.saturating_sub(stolen) as f64 / passed as f64)
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "there is nobody to ask")]
    fn stolen(&mut self) -> Option<f64> {
        None
    }
}

/// Seconds between two looks below which the load is not known.
const LEAST: f64 = 0.25;

/// Stolen and total time of all processors, in ticks, from Linux's `/proc/stat` (proc_stat(5)): user, nice, system, idle,
/// iowait, irq, softirq, steal, and then the guests', which the first two have in them.
#[cfg(target_os = "linux")]
fn processor_time(text: &str) -> Option<(u64, u64)> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line
        .split_whitespace()
        .take(8)
        .map_while(|tick| tick.parse().ok())
        .collect();
    Some((*ticks.get(7)?, ticks.iter().sum()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::processor_time;

    #[test]
    fn stolen_time_is_the_eighth_number() {
        let text = "cpu  100 0 50 800 10 5 5 30 7 0\ncpu0 1 2 3\n";
        assert_eq!(processor_time(text), Some((30, 1000)));
        assert_eq!(processor_time("cpu  1 2 3\n"), None);
        assert_eq!(processor_time(""), None);
    }
}
