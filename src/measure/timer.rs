//! The timer self-test: may the device's clock be believed?
//!
//! A kernel is run in batches of N and of 4 N dispatches, alternately. The device's clock must always answer, in steps
//! far finer than a batch, must agree with the host's clock on what 3 N dispatches more cost, and must find 4 N four
//! times as long as N.

use super::timer_report::{TimerCheck, TimerReport};
use super::{Clock, verify};
use crate::device::{Allocation, Checks, Device, Elapsed, Failure, Pipeline};
use crate::kernels::{self, Case, Precision};
use crate::stats::{median, sorted};

/// Rounds of one short and one long batch.
const ROUNDS: usize = 5;
/// A short batch lasts at least this long by the host's clock, in seconds.
const SHORT: f64 = 4e-3;
/// Most dispatches of a short batch.
const MOST: u32 = 4096;

/// Tests the clock of a device with the `fma` kernel.
///
/// # Errors
/// When the kernel does not run at all.
pub fn self_test(device: &mut dyn Device) -> Result<TimerReport, Failure> {
    let case = Case::hot("fma", Precision::F32, "affine", &[("n", 1 << 14), ("steps", 1024)]);
    let (kernel, variant) = kernels::find(&case.kernel)
        .and_then(|kernel| Some((kernel, (kernel.variants)(&case).into_iter().next()?)))
        .ok_or_else(|| Failure::Error("the registry has no fma kernel".to_owned()))?;
    let buffers = (kernel.buffers)(&case);
    let allocation = device.allocate(&buffers)?;
    verify::fill(device, allocation, &buffers, 1)?;
    let pipeline = device.compile(&case, &variant, Checks::Off)?;
    let pairs = batches(device, pipeline, allocation);
    device.discard(pipeline);
    device.free(allocation);
    Ok(judge(device.facts().tick, &pairs?))
}

fn batches(device: &mut dyn Device, pipeline: Pipeline, allocation: Allocation) -> Result<Vec<[Elapsed; 2]>, Failure> {
    let mut repeats = 1;
    device.launch(pipeline, allocation, 1)?; // compiles in some drivers
    while repeats < MOST && device.launch(pipeline, allocation, repeats)?.wall < SHORT {
        repeats *= 2;
    }
    (0..ROUNDS)
        .map(|_| {
            let short = device.launch(pipeline, allocation, repeats)?;
            let long = device.launch(pipeline, allocation, 4 * repeats)?;
            Ok([short, long])
        })
        .collect()
}

fn judge(tick: Option<f64>, pairs: &[[Elapsed; 2]]) -> TimerReport {
    let ticks: Vec<u64> = pairs.iter().flatten().filter_map(|elapsed| elapsed.ticks).collect();
    let resolution = tick
        .filter(|_| !ticks.is_empty())
        .map(|t| ticks.iter().copied().fold(0, gcd) as f64 * t);
    let check = |name: &str, passed: bool, detail: String| TimerCheck {
        name: name.to_owned(),
        passed,
        detail,
    };
    let Some(tick_seconds) = tick.filter(|tick| *tick > 0.0) else {
        let absent = check(
            "present",
            false,
            "the device has no clock that shaders' time can be read from".to_owned(),
        );
        return report(tick, resolution, vec![absent]);
    };
    let expected = 2 * pairs.len();
    let answered = check(
        "answers",
        ticks.len() == expected,
        format!("{} of {expected} readings were positive and ran forwards", ticks.len()),
    );
    if !answered.passed {
        return report(tick, resolution, vec![answered]);
    }
    let device = |elapsed: &Elapsed| elapsed.ticks.unwrap_or_default() as f64 * tick_seconds;
    let shortest = pairs.iter().flatten().map(device).fold(f64::INFINITY, f64::min);
    let steps = shortest / resolution.unwrap_or(f64::INFINITY);
    let middle = |value: &dyn Fn(&[Elapsed; 2]) -> f64| {
        median(&sorted(&pairs.iter().map(value).collect::<Vec<_>>())).unwrap_or(f64::NAN)
    };
    let wall = middle(&|[short, long]| (device(long) - device(short)) / (long.wall - short.wall));
    let linear = middle(&|[short, long]| device(long) / device(short));
    let checks = vec![
        answered,
        check(
            "fine",
            steps >= 50.0,
            format!("the shortest batch is {steps:.0} steps of the clock, wanted 50"),
        ),
        check(
            "agrees",
            (0.95..=1.05).contains(&wall),
            format!("device over host time {wall:.3}, wanted 0.95 to 1.05"),
        ),
        check(
            "linear",
            (3.5..=4.5).contains(&linear),
            format!("four times the work took {linear:.2} times as long, wanted 3.5 to 4.5"),
        ),
    ];
    report(tick, resolution, checks)
}

fn report(tick: Option<f64>, resolution: Option<f64>, checks: Vec<TimerCheck>) -> TimerReport {
    let believed = checks.iter().all(|check| check.passed);
    TimerReport {
        clock: if believed { Clock::Device } else { Clock::Wall },
        tick,
        resolution,
        checks,
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(reading: impl Fn(f64) -> Option<u64>) -> Vec<[Elapsed; 2]> {
        let elapsed = |seconds: f64| Elapsed {
            ticks: reading(seconds),
            wall: seconds + 1e-4,
        };
        [5e-3, 5.1e-3, 5.2e-3, 4.9e-3, 5.05e-3]
            .map(|s| [elapsed(s), elapsed(4.0 * s)])
            .to_vec()
    }

    fn failed(report: &TimerReport) -> Vec<&str> {
        report
            .checks
            .iter()
            .filter(|check| !check.passed)
            .map(|check| check.name.as_str())
            .collect()
    }

    #[test]
    fn a_good_clock_is_believed() {
        let report = judge(Some(1e-9), &pairs(|s| Some((s * 1e9) as u64)));
        assert_eq!(failed(&report), Vec::<&str>::new());
        assert_eq!(report.clock, Clock::Device);
    }

    #[test]
    fn a_bad_clock_is_found_out_and_not_used() {
        let broken: [(&str, Vec<[Elapsed; 2]>); 4] = [
            ("answers", pairs(|_| None)),
            ("fine", pairs(|s| Some((s * 1e3).round() as u64 * 1_000_000))),
            ("agrees", pairs(|s| Some((s * 2e9) as u64))),
            ("linear", pairs(|s| Some((s.sqrt() * 1e9) as u64))),
        ];
        for (name, readings) in broken {
            let report = judge(Some(1e-9), &readings);
            assert!(failed(&report).contains(&name), "{name}: {report:?}");
            assert_eq!(report.clock, Clock::Wall);
        }
        assert_eq!(failed(&judge(None, &pairs(|_| None))), ["present"]);
    }
}
