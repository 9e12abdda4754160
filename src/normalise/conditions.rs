//! Under which conditions a case was measured: what the looks at the machine before and after it say.

use crate::device::{DeviceType, Identity};
use crate::kernels::Cache;
use crate::measure::{Beat, Clock, Pulse};
use crate::record::Finished;
use crate::stats::{Flag, median, sorted};

/// What the machine did while a case was measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Conditions {
    /// Somebody else was at work. Value: the part of the processors' time that went to other processes and to other
    /// virtual machines.
    pub contended: Flag,
    /// The reference kernels changed their speed. Value: the larger change of their time, from before to after.
    pub reference: Flag,
    /// The driver says that it held the clock back. Value: 1 where it does, 0 where it says that it does not.
    pub throttled: Flag,
    /// The host's clock tells another time than the device's. Value: its time over the device's, minus 1; none where only
    /// one of them counts, and for single dispatches, in whose host time the submission is.
    pub clocks: Flag,
}

/// Part of the processors' time above which others disturb: of a software adapter, whose device the processors are, and
/// of a GPU, whose host has little to do but must get to it in time.
const BUSY_SOFTWARE: f64 = 0.1;
const BUSY_HOST: f64 = 0.5;
/// Stolen time above which a virtual machine is disturbed.
const STOLEN: f64 = 0.02;
/// Disagreement of the clocks above which one of them is not to be believed.
const APART: f64 = 0.05;
/// Change of the time of a reference kernel below which nothing is said.
const MOVED: f64 = 0.05;

impl Conditions {
    /// Of a case in one run.
    pub(super) fn of(finished: &Finished, identity: &Identity) -> Self {
        let (before, after) = finished.pulses;
        Self {
            contended: after.map_or_else(Flag::default, |after| {
                contended(after, identity.device_type, identity.logical_cores)
            }),
            reference: before
                .zip(after)
                .map_or_else(Flag::default, |(before, after)| moved(before, after)),
            throttled: throttled(before, after),
            clocks: clocks(finished),
        }
    }

    /// The flags by name, in the order in which they are shown.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Flag); 4] {
        [
            ("contended", self.contended),
            ("reference", self.reference),
            ("throttled", self.throttled),
            ("clocks", self.clocks),
        ]
    }
}

fn contended(after: &Pulse, device_type: DeviceType, cores: u32) -> Flag {
    let cores = f64::from(cores.max(1));
    let others = after.readings.others.map(|busy| busy / cores);
    let stolen = after.readings.stolen;
    let limit = if device_type == DeviceType::Cpu {
        BUSY_SOFTWARE
    } else {
        BUSY_HOST
    };
    let is_busy = others.is_some_and(|part| part > limit);
    let is_stolen = stolen.is_some_and(|part| part > STOLEN);
    let known = others.is_some() || stolen.is_some();
    Flag {
        value: known.then(|| others.unwrap_or_default() + stolen.unwrap_or_default()),
        raised: known.then_some(is_busy || is_stolen),
    }
}

/// The change that is largest. It is one only if every time after it lies beyond every time before it: of five and five,
/// chance does that to 1 in 126.
fn moved(before: &Pulse, after: &Pulse) -> Flag {
    let changes = after.beats.iter().filter_map(|beat| {
        let earlier = before.beats.iter().find(|earlier| earlier.case == beat.case)?;
        change(earlier, beat)
    });
    let largest = changes.reduce(|a, b| if b.0.abs() > a.0.abs() { b } else { a });
    Flag {
        value: largest.map(|(change, _)| change),
        raised: largest.map(|(change, apart)| apart && change.abs() > MOVED),
    }
}

fn change(before: &Beat, after: &Beat) -> Option<(f64, bool)> {
    let (before, after) = (sorted(&before.seconds), sorted(&after.seconds));
    let change = median(&after)? / median(&before)? - 1.0;
    let apart = after.first() > before.last() || after.last() < before.first();
    Some((change, apart))
}

/// Drivers that say nothing have no clock in their readings either.
fn throttled(before: Option<&Pulse>, after: Option<&Pulse>) -> Flag {
    let looks = || [before, after].into_iter().flatten();
    let says = looks().any(|look| !look.readings.throttled.is_empty());
    let could = says || looks().any(|look| look.readings.clock_mhz.is_some());
    Flag {
        value: could.then_some(f64::from(u8::from(says))),
        raised: could.then_some(says),
    }
}

fn clocks(finished: &Finished) -> Flag {
    if finished.row.clock == Clock::Wall || finished.row.case.cache == Cache::Cold {
        return Flag::default();
    }
    let middle = |samples: &[f64]| median(&sorted(samples));
    let apart = middle(&finished.wall)
        .zip(middle(&finished.samples))
        .map(|(wall, device)| wall / device - 1.0);
    Flag {
        value: apart,
        raised: apart.map(|apart| apart.abs() > APART),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Readings;
    use crate::suites;

    fn pulse(fma: f64, readings: Readings) -> Pulse {
        let [case, _] = suites::references();
        let seconds = (0..5).map(|sample| fma * (1.0 + 1e-3 * f64::from(sample))).collect();
        Pulse {
            run: 1,
            at: 0.0,
            took: 0.0,
            beats: vec![Beat { case, seconds }],
            readings,
        }
    }

    fn busy(others: f64) -> Pulse {
        let others = Some(others);
        pulse(
            1.0,
            Readings {
                others,
                ..Readings::default()
            },
        )
    }

    #[test]
    fn a_busy_processor_disturbs_a_software_adapter_sooner_than_a_gpu() {
        let raised = |others, device_type| contended(&busy(others), device_type, 4).raised;
        assert_eq!(raised(0.3, DeviceType::Cpu), Some(false));
        assert_eq!(raised(1.0, DeviceType::Cpu), Some(true));
        assert_eq!(raised(1.0, DeviceType::Discrete), Some(false));
        assert_eq!(raised(3.0, DeviceType::Discrete), Some(true));
        let silent = contended(&pulse(1.0, Readings::default()), DeviceType::Cpu, 4);
        assert_eq!(silent, Flag::default());
    }

    #[test]
    fn stolen_time_disturbs_everybody() {
        let stolen = Readings {
            stolen: Some(0.03),
            ..Readings::default()
        };
        let flag = contended(&pulse(1.0, stolen), DeviceType::Discrete, 4);
        assert_eq!((flag.value, flag.raised), (Some(0.03), Some(true)));
    }

    #[test]
    fn a_reference_kernel_moves_by_more_than_its_noise() {
        let moved = |after: f64| moved(&pulse(1.0, Readings::default()), &pulse(after, Readings::default()));
        assert_eq!(moved(1.01).raised, Some(false));
        assert_eq!(moved(1.06).raised, Some(true));
        assert_eq!(moved(0.94).raised, Some(true));
        assert!(moved(1.06).value.is_some_and(|change| (change - 0.06).abs() < 1e-9));
    }

    #[test]
    fn throttling_is_known_only_where_the_driver_speaks() {
        let held = Readings {
            throttled: vec!["thermal".to_owned()],
            ..Readings::default()
        };
        let free = Readings {
            clock_mhz: Some(1980.0),
            ..Readings::default()
        };
        assert_eq!(throttled(None, Some(&pulse(1.0, held))).raised, Some(true));
        assert_eq!(throttled(Some(&pulse(1.0, free)), None).raised, Some(false));
        assert_eq!(throttled(None, Some(&busy(0.0))), Flag::default());
    }
}
