//! How often the gate cries wolf, and how often it sees what is there, by simulation: a history of sessions of fifty cases,
//! and one more session, judged as `onpar gate --history` does it, change points and boundaries included.
//!
//! The tables in `docs/methodology.md` are of 1,000 histories a cell. This makes them again, in some minutes:
//!
//! ```sh
//! ONPAR_ACCEPT=1 cargo test --release --test rates_gate -- --ignored full --test-threads 1
//! ```
//!
//! Without `--ignored` a small part of the histories is held against the same bands. The seed was chosen before the rule and
//! is never changed to pass.

#[path = "common/mod.rs"]
mod common;
#[path = "rates_run/rate.rs"]
mod rate;

use std::fmt::Write as _;
use std::path::Path;

use onpar::compare::SideCase;
use onpar::gate::{Measured, Outcome, Overall, Past, Rule, Segments, Verdict, against_history, against_session};
use onpar::record::{Birth, CaseSummary, Header, RunValue, Summary};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, LogNormal, StandardNormal};

use rate::{Rate, in_parallel};

const SEED: u64 = 20_261_128;
const FAMILY: usize = 50;
const RUNS: u32 = 10;
/// What the runs of one session scatter by.
const RUN_SD: f64 = 0.005;
const FALSE_ALARMS: f64 = 0.05;
const POWER: f64 = 0.9;

/// What sessions differ by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Noise {
    /// Every case by itself.
    Normal,
    /// All cases together.
    Shared,
    /// A log-normal of shape 1, every case by itself.
    Skewed,
    /// In one session of 20 a case is ten standard deviations slower.
    Spikes,
    /// In three sessions of ten a case is 3 % slower.
    Modes,
    /// Each session is like the one before it by a half.
    Ar,
}

/// Histories that are alike, and what the last session of them is.
#[derive(Debug, Clone, Copy)]
struct World {
    noise: Noise,
    session_sd: f64,
    points: usize,
    /// By what the first case has changed in the last session.
    change: f64,
}

impl World {
    const fn of(session_sd: f64, points: usize) -> Self {
        Self {
            noise: Noise::Normal,
            session_sd,
            points,
            change: 0.0,
        }
    }

    const fn changed(self, change: f64) -> Self {
        Self { change, ..self }
    }

    /// What each session of a case differs by, as a logarithm.
    fn sessions(self, random: &mut StdRng, shared: &[f64]) -> Vec<f64> {
        let shape = LogNormal::new(0.0, 1.0).expect("a shape");
        let e = std::f64::consts::E;
        let mut state: f64 = random.sample(StandardNormal);
        let session = |place: usize| {
            let normal: f64 = random.sample(StandardNormal);
            self.session_sd
                * match self.noise {
                    Noise::Normal => normal,
                    Noise::Shared => shared[place],
                    Noise::Skewed => (shape.sample(random) - e.sqrt()) / (e * (e - 1.0)).sqrt(),
                    Noise::Spikes => normal + 10.0 * f64::from(u8::from(random.random_bool(0.05))),
                    Noise::Modes => normal + 0.03 / self.session_sd * f64::from(u8::from(random.random_bool(0.3))),
                    Noise::Ar => {
                        state = 0.5 * state + 0.75_f64.sqrt() * normal;
                        state
                    }
                }
        };
        (0..=self.points).map(session).collect()
    }

    /// Of each session, the runs of each case.
    fn measured(self, random: &mut StdRng) -> Vec<Vec<Vec<f64>>> {
        let shared: Vec<f64> = (0..=self.points).map(|_| random.sample(StandardNormal)).collect();
        let cases: Vec<Vec<f64>> = (0..FAMILY).map(|_| self.sessions(random, &shared)).collect();
        let mut runs = |session: usize, case: usize| {
            let is_changed = session == self.points && case == 0;
            let centre = cases[case][session] + if is_changed { self.change.ln_1p() } else { 0.0 };
            let run = |_| (centre + RUN_SD * random.sample::<f64, _>(StandardNormal)).exp();
            (0..RUNS).map(run).collect::<Vec<f64>>()
        };
        let mut session = |session| (0..FAMILY).map(|case| runs(session, case)).collect();
        (0..=self.points).map(&mut session).collect()
    }

    /// What the gate says of the last session of one history, and of it when the suspects were measured once more.
    fn judged(self, header: &Header, number: usize) -> [Outcome; 2] {
        let mut random = StdRng::seed_from_u64(SEED + number as u64);
        let mut sessions: Vec<Measured> = self
            .measured(&mut random)
            .iter()
            .map(|cases| measured(header, cases))
            .collect();
        let now = sessions.pop().expect("a session");
        let summaries: Vec<Summary> = sessions.iter().map(summary).collect();
        let past = Past {
            all: sessions.len(),
            segments: Segments::of(&summaries, false),
            sessions: sessions.into_iter().enumerate().collect(),
            ..Past::default()
        };
        let once = against_history(&now, &past, Rule::default());
        let mut twice = once.clone();
        twice.confirm(&against_history(
            &self.again(header, &once, number),
            &past,
            Rule::default(),
        ));
        [once, twice]
    }

    /// One more session, of the suspects alone.
    fn again(self, header: &Header, once: &Outcome, number: usize) -> Measured {
        let mut random = StdRng::seed_from_u64(!(SEED + number as u64));
        let alone = Self { points: 0, ..self };
        let mut again = measured(header, &alone.measured(&mut random)[0]);
        again
            .cases
            .retain(|case| once.suspects().any(|suspect| suspect.case == case.name));
        again
    }

    fn all(self, histories: usize) -> Vec<Outcome> {
        self.once_and_twice(histories)
            .into_iter()
            .map(|[once, _]| once)
            .collect()
    }

    fn once_and_twice(self, histories: usize) -> Vec<[Outcome; 2]> {
        let header = common::header();
        in_parallel(histories, |number| self.judged(&header, number))
    }
}

fn measured(header: &Header, cases: &[Vec<f64>]) -> Measured {
    let value = |(run, value): (u32, &f64)| RunValue { run, value: *value };
    let case = |(number, runs): (usize, &Vec<f64>)| SideCase {
        name: format!("case {number}"),
        suite: None,
        variant: String::new(),
        is_proved: true,
        values: Ok((1..).zip(runs).map(value).collect()),
    };
    Measured {
        header: header.clone(),
        cases: cases.iter().enumerate().map(case).collect(),
        unfinished: Vec::new(),
        references: Vec::new(),
    }
}

fn summary(session: &Measured) -> Summary {
    let case = |case: &SideCase| CaseSummary {
        name: case.name.clone(),
        variant: String::new(),
        rows: case
            .values
            .iter()
            .flatten()
            .map(|run| (run.run, Some(run.value)))
            .collect(),
    };
    Summary {
        id: session.header.id.clone(),
        started: session.header.started,
        identity: session.header.facts.identity.clone(),
        cases: session.cases.iter().map(case).collect(),
        warnings: Vec::new(),
    }
}

fn alarms(outcome: &Outcome) -> bool {
    outcome.count(Verdict::Regressed) + outcome.count(Verdict::Improved) > 0
}

fn regresses(outcome: &Outcome) -> bool {
    outcome.count(Verdict::Regressed) > 0
}

fn passes(outcome: &Outcome) -> bool {
    matches!(outcome.overall(), Overall::Unchanged | Overall::Improved)
}

fn sees(outcome: &Outcome) -> bool {
    outcome.cases[0].verdict == Verdict::Regressed
}

#[track_caller]
fn hold_alarms(outcomes: &[Outcome], world: World) {
    let rate = Rate::of(outcomes, alarms);
    assert!(rate.is_at_most(FALSE_ALARMS), "{world:?}: {}", rate.value());
}

#[track_caller]
fn hold_power(outcomes: &[Outcome], world: World) {
    let rate = Rate::of(outcomes, sees);
    assert!(rate.others().is_at_most(1.0 - POWER), "{world:?}: {}", rate.value());
}

#[test]
fn of_fifty_unchanged_cases_seldom_one_is_called_changed() {
    for session_sd in SESSION_SDS {
        let world = World::of(session_sd, 8);
        let outcomes = world.all(200);
        hold_alarms(&outcomes, world);
        let passed = Rate::of(&outcomes, passes);
        assert!(passed.value() > 0.9, "{world:?}: {}", passed.value());
    }
}

#[test]
fn a_change_of_five_percent_is_seen() {
    let world = World::of(0.005, 8).changed(0.05);
    hold_power(&world.all(200), world);
}

const SESSION_SDS: [f64; 3] = [0.0, 0.005, 0.01];
const POINTS: [usize; 4] = [8, 12, 20, 50];
const NOISES: [(&str, Noise); 5] = [
    ("all cases together", Noise::Shared),
    ("log-normal", Noise::Skewed),
    ("normal with spikes", Noise::Spikes),
    ("two modes, 3 % apart", Noise::Modes),
    ("AR(1) .5", Noise::Ar),
];

fn cell(rate: Rate) -> String {
    format!("{:.3}", rate.value())
}

/// Of worlds that differ in nothing but the change: false alarms, sessions that pass, and changes of 3, 5 and 10 % seen.
fn line(world: World, histories: usize) -> String {
    let quiet = world.all(histories);
    let of_change = |change: f64| Rate::of(&world.changed(change).all(histories), sees);
    let [small, middle, large] = [0.03, 0.05, 0.1].map(of_change);
    if world.noise == Noise::Normal {
        hold_alarms(&quiet, world);
        let is_promised = world.session_sd <= 0.005;
        assert!(
            !is_promised || middle.others().is_at_most(1.0 - POWER),
            "{world:?}: {}",
            middle.value()
        );
    }
    let rates = [Rate::of(&quiet, alarms), Rate::of(&quiet, passes), small, middle, large];
    rates.map(cell).join(" | ")
}

/// Two sessions that were measured by turns: what they differ by from other sessions they have in common.
#[derive(Debug, Clone, Copy)]
struct Turns {
    run_sd: f64,
    runs: u32,
    change: f64,
}

impl Turns {
    fn judged(self, headers: &[Header; 2], number: usize) -> Outcome {
        let mut random = StdRng::seed_from_u64(SEED + number as u64);
        let mut case = |centre: f64| {
            let run = |_| (centre + self.run_sd * random.sample::<f64, _>(StandardNormal)).exp();
            (0..self.runs).map(run).collect::<Vec<f64>>()
        };
        let before: Vec<Vec<f64>> = (0..FAMILY).map(|_| case(0.0)).collect();
        let change = |number| if number == 0 { self.change.ln_1p() } else { 0.0 };
        let now: Vec<Vec<f64>> = (0..FAMILY).map(|number| case(change(number))).collect();
        let [before, now] = [measured(&headers[0], &before), measured(&headers[1], &now)];
        against_session(&now, &before, None, Rule::default())
    }

    fn all(self, comparisons: usize) -> Vec<Outcome> {
        let headers = [1, 2].map(by_turns);
        in_parallel(comparisons, |number| self.judged(&headers, number))
    }
}

/// The header of a session that was measured by turns with another.
fn by_turns(nonce: u8) -> Header {
    let mut header = common::header();
    header.options.turns = Some("turns".to_owned());
    let birth = Birth {
        started: header.started,
        nonce: [nonce; 16],
    };
    Header::new(birth, header.options, header.facts, header.timer, header.plan).expect("a header")
}

#[test]
fn of_two_builds_that_take_turns_a_change_is_seen_and_none_is_made_up() {
    let turns = Turns {
        run_sd: RUN_SD,
        runs: 10,
        change: 0.0,
    };
    let quiet = Rate::of(&turns.all(40), alarms);
    assert!(quiet.is_at_most(FALSE_ALARMS), "{}", quiet.value());
    let changed = Turns { change: 0.05, ..turns };
    let seen = Rate::of(&changed.all(40), sees);
    assert!(seen.others().is_at_most(1.0 - POWER), "{}", seen.value());
}

fn table_of_turns(comparisons: usize) -> String {
    let mut table = format!("| run sd | runs a side | {HEAD}|--:|--:|--:|--:|--:|--:|--:|\n");
    for run_sd in [0.005, 0.01, 0.02] {
        for runs in [8, 10, 20] {
            let of = |change| Turns { run_sd, runs, change }.all(comparisons);
            let quiet = of(0.0);
            assert!(Rate::of(&quiet, alarms).is_at_most(FALSE_ALARMS), "{run_sd} {runs}");
            let seen = [0.03, 0.05, 0.1].map(|change| cell(Rate::of(&of(change), sees)));
            let rates = [cell(Rate::of(&quiet, alarms)), cell(Rate::of(&quiet, passes))];
            let _ = writeln!(
                table,
                "| {} % | {runs} | {} | {} |",
                run_sd * 100.0,
                rates.join(" | "),
                seen.join(" | ")
            );
        }
    }
    table
}

const HEAD: &str = "any of 50 falsely called changed | the whole passes | 3 % seen | 5 % seen | 10 % seen |\n";

fn by_points(histories: usize) -> String {
    let mut table = format!("| session sd | earlier sessions | {HEAD}|--:|--:|--:|--:|--:|--:|--:|\n");
    for session_sd in SESSION_SDS {
        for points in POINTS {
            let rates = line(World::of(session_sd, points), histories);
            let _ = writeln!(table, "| {} % | {points} | {rates} |", session_sd * 100.0);
        }
    }
    table
}

fn by_noise(histories: usize) -> String {
    let mut table = format!(
        "| what sessions differ by, sd 0.5 % | any falsely called regressed with --confirm | 5 % seen with --confirm | {HEAD}\
         |---|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    for (name, noise) in NOISES {
        let world = World {
            noise,
            ..World::of(0.005, 12)
        };
        let twice = |change, holds: fn(&Outcome) -> bool| {
            let all = world.changed(change).once_and_twice(histories);
            cell(Rate::of(&all, |[_, twice]| holds(twice)))
        };
        let [falsely, seen] = [twice(0.0, regresses), twice(0.05, sees)];
        let _ = writeln!(table, "| {name} | {falsely} | {seen} | {} |", line(world, histories));
    }
    table
}

/// Puts a table into the page of its rates.
fn put(name: &str, table: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/methodology.md");
    common::assert_spliced(&page, name, table);
}

#[test]
#[ignore = "some minutes in a release; makes a table of docs/methodology.md"]
fn full_by_sessions() {
    put("rates of the gate", &by_points(1000));
}

#[test]
#[ignore = "some minutes in a release; makes two tables of docs/methodology.md"]
fn full_by_noise_and_by_turns() {
    put("noise of the gate", &by_noise(1000));
    put("turns of the gate", &table_of_turns(1000));
}
