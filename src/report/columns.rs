//! The columns of `rows.csv`, which are also the fields of the rows in JSON: each has a name, with its unit, and a
//! sentence, here and nowhere else. `docs/formats.md` is held against this list by a test.

use serde_json::Value;

use crate::kernels::{Engine, Precision};
use crate::measure::Stop;
use crate::normalise::{Paper, Physics, Resource, Score, Scores, Spread};
use crate::record::Session;
use crate::stats::{Flag, Flags, Mode};
use crate::units::Interval;

/// What a row is written from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its scores.
    pub scores: &'a Scores,
}

/// One column.
pub struct Column {
    /// Name, with the unit where there is one.
    pub name: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// Its value; null where unknown.
    pub value: fn(Context, &Score) -> Value,
}

const fn column(name: &'static str, meaning: &'static str, value: fn(Context, &Score) -> Value) -> Column {
    Column { name, meaning, value }
}

/// Every column, in order.
pub static COLUMNS: &[Column] = &[
    column("session", "id of the session", |c, _| {
        text(c.session.header.id.as_str())
    }),
    column("started", "when the session began, RFC 3339, UTC", |c, _| {
        text(&c.session.header.started.to_string())
    }),
    column("device", "adapter name", |c, _| {
        text(&c.session.header.facts.identity.adapter)
    }),
    column(
        "device_type",
        "discrete, integrated, virtual, other; cpu is a software adapter",
        |c, _| text(c.session.header.facts.identity.device_type.word()),
    ),
    column(
        "hard_key",
        "key of identity: rows of different keys are never compared unasked",
        |c, _| text(&c.session.header.keys.hard),
    ),
    column(
        "soft_key",
        "key of driver and versions: a change of it is a boundary in a history",
        |c, _| text(&c.session.header.keys.soft),
    ),
    column(
        "case",
        "name of the case: kernel/precision/layout/shape/cache",
        |_, s| text(&s.case.to_string()),
    ),
    column("kernel", "kernel", |_, s| text(&s.case.kernel)),
    column("precision", "storage precision of the inputs", |_, s| {
        text(s.case.precision.map_or("", Precision::word))
    }),
    column("layout", "layout or mode of the operands", |_, s| text(&s.case.layout)),
    column("shape", "extents, name=extent, sorted", |_, s| {
        text(&s.case.shape.to_string())
    }),
    column("cache", "hot or cold", |_, s| text(s.case.cache.word())),
    column(
        "status",
        "ok, unsupported, skipped, wrong, lost, timeout, error",
        |_, s| text(s.status.word()),
    ),
    column("reason", "why the status is not ok", |_, s| text(&s.reason)),
    column("variant", "the variant that ran", |_, s| text(&s.variant)),
    column("engine", "vector, matrix, or copy where no shader ran", |_, s| {
        text(s.engine.map_or("", Engine::word))
    }),
    column(
        "arithmetic",
        "precision of the arithmetic, which its compute ceiling is of",
        |_, s| text(s.arithmetic().map_or("", Precision::word)),
    ),
    column(
        "clock",
        "device: its timestamps; wall: the host's clock, by differences",
        |_, s| text(s.timing.map_or("", |t| t.clock.word())),
    ),
    column("runs", "runs that measured it", |_, s| {
        s.timing.map_or(Value::Null, |t| t.runs.into())
    }),
    column("samples", "samples in all runs", |_, s| {
        s.timing.map_or(Value::Null, |t| t.samples.into())
    }),
    column(
        "stop",
        "why sampling ended: target (the interval is within 1 % of the median) if every run reached it, else time or samples",
        |_, s| text(s.stop().map_or("", Stop::word)),
    ),
    column("seconds", "median time of one dispatch", |_, s| {
        number(s.timing.map(|t| t.seconds))
    }),
    column("seconds_low", "lower end of its interval", |_, s| {
        number(s.timing.map(|t| t.low))
    }),
    column("seconds_high", "upper end of its interval", |_, s| {
        number(s.timing.map(|t| t.high))
    }),
    column(
        "interval",
        "within_run: 99 %, of one run's samples; range_of_samples: their range, where they are too few or wander; \
         between_runs: 95 %, of the runs' medians; range_of_runs: their range",
        |_, s| {
            text(match s.timing.map(|t| t.spread) {
                Some(Spread::WithinRun) => "within_run",
                Some(Spread::RangeOfSamples) => "range_of_samples",
                Some(Spread::BetweenRuns) => "between_runs",
                Some(Spread::RangeOfRuns) => "range_of_runs",
                None => "",
            })
        },
    ),
    column(
        "flags",
        "what is odd about the samples of at least half of the runs and about the machine meanwhile, parted by spaces: \
         drift, step, bimodal, quantised, unstable, contended, reference, throttled, clocks; or none; empty where there are \
         too few samples to judge",
        |_, s| text(&super::flags::words(s)),
    ),
    column(
        "autocorrelation",
        "correlation of the ranks of neighbouring samples; of several runs, this and the following are medians",
        |_, s| value(s, |flags| flags.unstable),
    ),
    column(
        "drift",
        "change of the time from the first sample to the last along the line through them, over the median",
        |_, s| value(s, |flags| flags.drift),
    ),
    column(
        "step",
        "median of the last quarter of the samples over that of the first, minus 1",
        |_, s| value(s, |flags| flags.step),
    ),
    column(
        "gap",
        "widest gap between two groups of samples, over the median",
        |_, s| value(s, |flags| flags.bimodal),
    ),
    column(
        "fast_mode_seconds",
        "median of the faster group, where there are two",
        |_, s| number(mode(s, 0).map(|mode| mode.median)),
    ),
    column("slow_mode_seconds", "median of the slower group", |_, s| {
        number(mode(s, 1).map(|mode| mode.median))
    }),
    column("slow_mode_share", "part of the samples that are in it", |_, s| {
        number(mode(s, 1).map(|mode| mode.share))
    }),
    column(
        "distinct_samples",
        "how many different values the samples have",
        |_, s| {
            let values = s.flags().quantised.value;
            values.map_or(Value::Null, |values| (values.round() as u64).into())
        },
    ),
    column(
        "outliers",
        "samples of all runs that are far above the rest of their run: over Q3 + 3 (Q3 - Q1); none is left out",
        |_, s| s.timing.map_or(Value::Null, |_| s.flags().outliers.into()),
    ),
    column(
        "others_share",
        "part of the processors' time that others had meanwhile",
        |_, s| number(s.conditions().contended.value),
    ),
    column(
        "reference_change",
        "change of the time of the reference kernels from before to after",
        |_, s| number(s.conditions().reference.value),
    ),
    column(
        "operations",
        "operations of one dispatch; a multiply-add is two",
        |_, s| s.work.operations.into(),
    ),
    column("bytes_read", "compulsory bytes read by one dispatch", |_, s| {
        s.work.read.into()
    }),
    column("bytes_written", "compulsory bytes written by one dispatch", |_, s| {
        s.work.written.into()
    }),
    column("operations_per_second", "operations over seconds", |_, s| {
        number(s.operation_rate())
    }),
    column("bytes_per_second", "compulsory bytes over seconds", |_, s| {
        number(s.byte_rate())
    }),
    column(
        "proof",
        "what the answer was compared with: f64, user or none",
        |_, s| text(s.proof.as_ref().map_or("none", |proof| proof.against.as_str())),
    ),
    column("proof_elements", "output elements compared", |_, s| {
        s.proof.as_ref().map_or(Value::Null, |proof| proof.elements.into())
    }),
    column(
        "proof_error",
        "largest error of all proofs as a fraction of the tolerance",
        |_, s| {
            number(
                s.proof
                    .as_ref()
                    .map(|proof| proof.checked.max(proof.unchecked).max(proof.timed)),
            )
        },
    ),
    column(
        "roof_resource",
        "what binds it by this session's ceilings: compute or memory",
        |_, s| text(s.roof.map_or("", |roof| resource(roof.resource))),
    ),
    column("roof_fraction", "part of that ceiling that was reached", |_, s| {
        number(s.roof.map(|roof| roof.fraction))
    }),
    column(
        "physics",
        "plausible, impossible (faster than the ceilings allow) or unchecked",
        |_, s| {
            text(match s.physics {
                Physics::Plausible => "plausible",
                Physics::Impossible => "impossible",
                Physics::Unchecked => "unchecked",
            })
        },
    ),
    column(
        "h20_ratio_low",
        "paper time of NVIDIA H20 over the measured time, lower end",
        |_, s| low(s.papers.first()),
    ),
    column(
        "h20_ratio_high",
        "the same, upper end; empty: no figure bounds it",
        |_, s| high(s.papers.first()),
    ),
    column("zhenwu_810e_ratio_low", "the same for Zhenwu 810E", |_, s| {
        low(s.papers.get(1))
    }),
    column("zhenwu_810e_ratio_high", "its upper end", |_, s| high(s.papers.get(1))),
    column("p800_ratio_low", "the same for Kunlun P800", |_, s| {
        low(s.papers.get(2))
    }),
    column("p800_ratio_high", "its upper end", |_, s| high(s.papers.get(2))),
    column(
        "own_chip",
        "published chip that the adapter's name identifies",
        |c, _| text(c.scores.own_chip.as_deref().unwrap_or_default()),
    ),
    column("own_ratio_low", "the same for that chip", |_, s| {
        low(s.own_paper.as_ref())
    }),
    column("own_ratio_high", "its upper end", |_, s| high(s.own_paper.as_ref())),
    column(
        "checks_ratio",
        "time of the shader with its run-time checks over the time without; known with --checks",
        |_, s| s.checks.map_or(Value::Null, Value::from),
    ),
    column(
        "joules",
        "energy of one dispatch by the device's own meter, with what it draws while idle; empty where it has none",
        |_, s| number(s.joules()),
    ),
    column("joules_per_operation", "joules over operations", |_, s| {
        number(s.joules_per_operation())
    }),
    column("joules_per_byte", "joules over compulsory bytes", |_, s| {
        number(s.joules_per_byte())
    }),
];

/// Empty text is unknown.
fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

fn number(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, Value::from)
}

fn value(score: &Score, flag: fn(&Flags) -> Flag) -> Value {
    number(flag(&score.flags()).value)
}

fn mode(score: &Score, which: usize) -> Option<Mode> {
    Some(score.flags().modes?[which])
}

fn resource(resource: Resource) -> &'static str {
    match resource {
        Resource::Compute => "compute",
        Resource::Memory => "memory",
    }
}

/// An end that says nothing is unknown, not 0 and not infinite.
fn low(paper: Option<&Paper>) -> Value {
    number(paper.map(|p| p.ratio.low).filter(|low| *low > 0.0))
}

fn high(paper: Option<&Paper>) -> Value {
    number(paper.map(|p: &Paper| p.ratio).map(|ratio: Interval| ratio.high))
}
