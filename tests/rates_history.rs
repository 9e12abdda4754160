//! How often a history cries wolf, and how soon it sees what is there, by simulation: a series that grows commit by commit
//! and is analysed anew at each, as `onpar history` does it in CI.
//!
//! The tables in `docs/methodology.md` are of 1,000 series a cell. This makes them again, in a minute or two:
//!
//! ```sh
//! ONPAR_ACCEPT=1 cargo test --release --test rates_history -- --ignored full
//! ```
//!
//! Without `--ignored` a tenth of the series is held against the same bands. The seed was chosen before the rule and is
//! never changed to pass.

#[path = "common/mod.rs"]
mod common;
#[path = "rates_run/rate.rs"]
mod rate;

use std::fmt::Write as _;
use std::path::Path;

use onpar::stats::{Detector, Method, Settings};
use onpar::track::{Analysis, Better, History, Moment, Series, analyse};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, LogNormal, StandardNormal};

use rate::{Rate, in_parallel};

const SEED: u64 = 20_261_124;
/// Points that are there before anything is counted, and those that come after.
const BEFORE: usize = 100;
const AFTER: usize = 100;
/// A change point further than that from every one reported before is another.
const NEAR: usize = 5;

/// Noise of one commit to the next, with a standard deviation of 1 % but where it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Noise {
    Normal,
    /// A log-normal of shape 1.
    Skewed,
    /// One point in 20 is ten standard deviations higher.
    Spikes,
    /// Three points in ten are higher by the first, all scatter by the second.
    Modes(f64, f64),
    /// Each point is like the one before it by this.
    Ar(f64),
}

impl Noise {
    fn points(self, random: &mut StdRng, count: usize) -> Vec<f64> {
        let normal = |random: &mut StdRng| -> f64 { random.sample(StandardNormal) };
        let shape = LogNormal::new(0.0, 1.0).expect("a shape");
        let mut state = normal(random);
        let mut point = || match self {
            Self::Normal => 0.01 * normal(random),
            Self::Skewed => {
                let e = std::f64::consts::E;
                0.01 * (shape.sample(random) - e.sqrt()) / (e * (e - 1.0)).sqrt()
            }
            Self::Spikes => 0.01 * normal(random) + 0.1 * f64::from(u8::from(random.random_bool(0.05))),
            Self::Modes(apart, spread) => {
                spread * normal(random) + apart * f64::from(u8::from(random.random_bool(0.3)))
            }
            Self::Ar(r) => {
                state = r * state + (1.0 - r * r).sqrt() * normal(random);
                0.01 * state
            }
        };
        (0..count).map(|_| 1.0 + point()).collect()
    }
}

/// Noise without a change, and how many false alarms a hundred commits may have.
struct Quiet {
    name: &'static str,
    noise: Noise,
    most: Option<f64>,
}

static QUIET: [Quiet; 7] = [
    Quiet {
        name: "normal",
        noise: Noise::Normal,
        most: Some(0.02),
    },
    Quiet {
        name: "log-normal",
        noise: Noise::Skewed,
        most: Some(0.05),
    },
    Quiet {
        name: "normal with spikes",
        noise: Noise::Spikes,
        most: Some(0.05),
    },
    Quiet {
        name: "two modes, 2 % apart",
        noise: Noise::Modes(0.02, 0.004),
        most: Some(0.1),
    },
    Quiet {
        name: "two modes, 13 % apart",
        noise: Noise::Modes(0.13, 0.002),
        most: Some(0.1),
    },
    Quiet {
        name: "AR(1) .5",
        noise: Noise::Ar(0.5),
        most: Some(0.5),
    },
    Quiet {
        name: "AR(1) .8",
        noise: Noise::Ar(0.8),
        most: None,
    },
];

/// A step, and in which part of series it has to be seen within so many points.
struct Step {
    name: &'static str,
    noise: Noise,
    step: f64,
    seen: &'static [(usize, f64)],
}

static STEPS: [Step; 8] = [
    Step {
        name: "normal",
        noise: Noise::Normal,
        step: 0.02,
        seen: &[],
    },
    Step {
        name: "normal",
        noise: Noise::Normal,
        step: 0.03,
        seen: &[(5, 0.9), (8, 0.97)],
    },
    Step {
        name: "normal",
        noise: Noise::Normal,
        step: 0.05,
        seen: &[(5, 0.99)],
    },
    Step {
        name: "log-normal",
        noise: Noise::Skewed,
        step: 0.03,
        seen: &[(5, 0.9), (8, 0.97)],
    },
    Step {
        name: "normal with spikes",
        noise: Noise::Spikes,
        step: 0.03,
        seen: &[],
    },
    Step {
        name: "normal with spikes",
        noise: Noise::Spikes,
        step: 0.05,
        seen: &[],
    },
    Step {
        name: "two modes, 2 % apart",
        noise: Noise::Modes(0.02, 0.004),
        step: 0.05,
        seen: &[],
    },
    Step {
        name: "AR(1) .5",
        noise: Noise::Ar(0.5),
        step: 0.03,
        seen: &[],
    },
];

const ROBUST: Settings = Settings::of(Method::Robust);
const OTAVA: Settings = Settings::of(Method::Otava);
const STRICT: Settings = Settings {
    p: 1e-4,
    least: 0.02,
    ..OTAVA
};

fn random(number: usize) -> StdRng {
    StdRng::seed_from_u64(SEED + number as u64)
}

/// How many alarms each of some series has in a hundred commits without a change.
fn alarms(settings: Settings, noise: Noise, series: usize) -> Vec<f64> {
    in_parallel(series, |number| {
        let points = noise.points(&mut random(number), BEFORE + AFTER);
        let mut detector = Detector::new(settings);
        let mut known: Vec<usize> = detector
            .find(&points[..BEFORE])
            .iter()
            .map(|found| found.index)
            .collect();
        let before = known.len();
        for count in BEFORE + 1..=points.len() {
            for found in detector.find(&points[..count]) {
                if known.iter().all(|index| index.abs_diff(found.index) > NEAR) {
                    known.push(found.index);
                }
            }
        }
        (known.len() - before) as f64
    })
}

/// After how many points of the new level each of some series has its change point; none of those that never have.
fn delays(settings: Settings, cell: &Step, series: usize) -> Vec<Option<usize>> {
    in_parallel(series, |number| {
        let mut points = cell.noise.points(&mut random(number), BEFORE + 30);
        points[BEFORE..].iter_mut().for_each(|point| *point *= 1.0 + cell.step);
        let mut detector = Detector::new(settings);
        detector.find(&points[..BEFORE]);
        (1..=30).find(|after| {
            let found = detector.find(&points[..BEFORE + after]);
            found.iter().any(|found| found.index.abs_diff(BEFORE) <= NEAR)
        })
    })
}

fn within(delays: &[Option<usize>], points: usize) -> Rate {
    Rate::of(delays, |delay| delay.is_some_and(|delay| delay <= points))
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

fn hold_alarms(series: usize) {
    for Quiet { name, noise, most } in &QUIET {
        let (rate, error) = mean(&alarms(ROBUST, *noise, series));
        let most = most.unwrap_or(f64::INFINITY);
        assert!(rate - 2.0 * error <= most, "{name}: {rate} false alarms in 100 commits");
    }
}

fn hold_power(series: usize) {
    for cell in STEPS.iter().filter(|cell| !cell.seen.is_empty()) {
        let delays = delays(ROBUST, cell, series);
        for (points, least) in cell.seen {
            let seen = within(&delays, *points);
            assert!(
                seen.others().is_at_most(1.0 - least),
                "{}, {}: {} seen within {points}",
                cell.name,
                cell.step,
                seen.value()
            );
        }
    }
}

#[test]
fn series_that_do_not_change_seldom_cry_wolf() {
    hold_alarms(100);
}

#[test]
fn steps_are_seen_within_a_few_points() {
    hold_power(100);
}

/// Whether a step is found, and at the very point at which it begins.
fn located(noise: Noise, step: f64, series: usize) -> Rate {
    let all = in_parallel(series, |number| {
        let mut points = noise.points(&mut random(number), BEFORE + 30);
        points[BEFORE..].iter_mut().for_each(|point| *point *= 1.0 + step);
        let found = Detector::new(ROBUST).find(&points);
        found.iter().any(|found| found.index == BEFORE)
    });
    Rate::of(&all, |exactly| *exactly)
}

#[test]
fn a_step_begins_where_it_is_said_to() {
    for (noise, step, least) in [(Noise::Normal, 0.05, 0.97), (Noise::Spikes, 0.05, 0.85)] {
        let rate = located(noise, step, 100);
        assert!(rate.others().is_at_most(1.0 - least), "{}", rate.value());
    }
}

/// What a whole history says of one series.
fn analysed(points: &[f64]) -> Analysis {
    let moment = |number: usize| Moment {
        time: number.to_string(),
        session: None,
    };
    let history = History {
        moments: (0..points.len()).map(moment).collect(),
        machines: Vec::new(),
        series: vec![Series {
            name: "series".to_owned(),
            machine: None,
            moments: (0..points.len() as u32).collect(),
            values: points.to_vec(),
            ranges: Vec::new(),
            boundaries: Vec::new(),
        }],
        better: Better::Lower,
    };
    analyse(&history, ROBUST).remove(0)
}

/// Whether any of a hundred commits shows a drift.
fn drifts(noise: Noise, series: usize) -> Rate {
    let all = in_parallel(series, |number| {
        let points = noise.points(&mut random(number), BEFORE + AFTER);
        (BEFORE + 1..=points.len()).any(|count| analysed(&points[..count]).drift.is_some())
    });
    Rate::of(&all, |drifts| *drifts)
}

/// Whether a creep of a tenth of a percent with each commit is seen after so many, as a drift or as a step.
fn creep(noise: Noise, commits: usize, series: usize) -> [Rate; 2] {
    let all = in_parallel(series, |number| {
        let mut points = noise.points(&mut random(number), BEFORE + commits);
        let creeping = points[BEFORE..].iter_mut().enumerate();
        creeping.for_each(|(place, point)| *point *= 1.0 + 0.001 * (place + 1) as f64);
        let seen = analysed(&points);
        let steps = seen.changes.iter().any(|change| change.point.index + NEAR >= BEFORE);
        (seen.drift.is_some(), steps || seen.drift.is_some())
    });
    [Rate::of(&all, |seen| seen.0), Rate::of(&all, |seen| seen.1)]
}

#[test]
fn a_slow_creep_is_seen_and_steady_noise_is_none() {
    assert!(drifts(Noise::Normal, 30).is_at_most(0.01));
    let [_, seen] = creep(Noise::Normal, 50, 100);
    assert!(seen.others().is_at_most(0.05), "{}", seen.value());
}

fn alarm_table(series: usize) -> String {
    let mut text = String::from(
        "| noise | false alarms in 100 commits | promised | apache-otava | apache-otava, p .0001, 2 % |\n\
         |---|--:|--:|--:|--:|\n",
    );
    for Quiet { name, noise, most } in &QUIET {
        let [ours, theirs, strict] = [ROBUST, OTAVA, STRICT].map(|settings| mean(&alarms(settings, *noise, series)));
        let promised = most.map_or_else(|| "-".to_owned(), |most| format!("{most}"));
        let _ = writeln!(
            text,
            "| {name} | {:.3} ± {:.3} | {promised} | {:.2} | {:.2} |",
            ours.0, ours.1, theirs.0, strict.0
        );
    }
    text
}

fn power_table(series: usize) -> String {
    let mut text = String::from(
        "| noise | step | seen within 5 points | within 8 | within 30 | apache-otava: within 5 | within 8 | within 30 |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for cell in &STEPS {
        let rates = [ROBUST, OTAVA].map(|settings| {
            let delays = delays(settings, cell, series);
            [5, 8, 30]
                .map(|points| format!("{:.3}", within(&delays, points).value()))
                .join(" | ")
        });
        let _ = writeln!(
            text,
            "| {} | {:.0} % | {} |",
            cell.name,
            cell.step * 100.0,
            rates.join(" | ")
        );
    }
    text
}

fn drift_table(series: usize) -> String {
    let mut text = String::from(
        "| noise | drift where there is none, in 100 commits | creep after 30 commits: drift | drift or step | after 50: drift \
         | drift or step |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for Quiet { name, noise, .. } in &QUIET {
        let after = |commits| {
            creep(*noise, commits, series)
                .map(|rate| format!("{:.3}", rate.value()))
                .join(" | ")
        };
        let none = drifts(*noise, series).value();
        let _ = writeln!(text, "| {name} | {none:.3} | {} | {} |", after(30), after(50));
    }
    text
}

#[test]
#[ignore = "a minute or two in a release"]
fn full() {
    hold_alarms(1000);
    hold_power(1000);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/methodology.md");
    common::assert_spliced(&page, "rates of false alarms", &alarm_table(1000));
    common::assert_spliced(&page, "rates of steps seen", &power_table(1000));
    common::assert_spliced(&page, "rates of drift", &drift_table(1000));
}
