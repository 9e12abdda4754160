//! How far a run has come: a bar on standard error, if that is a terminal that can show one.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::{Term, style, truncate_str};
use indicatif::{ProgressBar, ProgressFinish, ProgressState, ProgressStyle};

use super::forecast::Forecast;
use crate::measure::{Event, Row, Status};
use crate::record::Session;
use crate::stats::SampleMedian;
use crate::units::{Unit, percent, quantity};

/// Cases done, how long the rest will take, and below it what is going on. Both fit any width: the bar gives way first,
/// then the name of the case.
const TEMPLATE: &str = "{pos:>3}/{len} [{wide_bar}]{left}\n{msg}";
/// How often the time that is left is counted down. Every redraw takes a little from a software adapter.
const TICK: Duration = Duration::from_secs(1);

type Deadline = Mutex<Option<Instant>>;

/// Watches a run and shows how far it has come. Dropping it takes the bar away.
pub(super) struct Progress {
    bar: ProgressBar,
    forecast: Forecast,
    /// When all will be done, as far as that can be told.
    done_at: Arc<Deadline>,
    runs: u32,
    /// Samples of the cases that take turns, in seconds, by place.
    samples: HashMap<u32, Vec<f64>>,
}

impl Progress {
    /// Shows where a session stands, unless it is to be quiet, standard error is no terminal, or `TERM` is `dumb`.
    pub(super) fn new(session: &Session, quiet: bool) -> Self {
        let header = &session.header;
        let total = header.plan.len() as u64 * u64::from(header.options.runs);
        let done_at = Arc::new(Mutex::new(None));
        let bar = if quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(total)
        };
        let mut progress = Self {
            bar: bar.with_finish(ProgressFinish::AndClear),
            forecast: Forecast::new(&header.plan, header.options.runs),
            done_at: Arc::clone(&done_at),
            runs: header.options.runs,
            samples: HashMap::new(),
        };
        for finished in session.rows() {
            let row = finished.row;
            progress.forecast.finished(row.place, row.phases.total());
        }
        progress.bar.set_style(style_of(done_at));
        progress.bar.set_position(session.rows().count() as u64);
        progress.bar.enable_steady_tick(TICK);
        progress.look_ahead();
        progress
    }

    /// Takes notice of what happened.
    pub(super) fn see(&mut self, event: &Event) {
        if self.bar.is_hidden() {
            return;
        }
        match event {
            Event::Start(start) if !self.samples.contains_key(&start.place) => {
                self.say(start.run, "proving", &start.case.to_string());
            }
            Event::Candidate(candidate) if candidate.status == Status::Ok => {
                self.say(candidate.run, "warming up", &candidate.case.to_string());
            }
            Event::Block(block) if !block.checks => {
                let samples = self.samples.entry(block.place).or_default();
                samples.extend(block.seconds());
                let interval = interval(samples);
                self.say(block.run, &interval, &block.case.to_string());
            }
            Event::Row(row) => self.finish(row),
            Event::Start(_) | Event::Candidate(_) | Event::Block(_) | Event::Pulse(_) => {}
        }
    }

    /// What is going on stands first: a terminal that is too narrow loses the end of the line.
    fn say(&self, run: u32, doing: &str, case: &str) {
        let run = if self.runs > 1 {
            format!("run {run}/{}  ", self.runs)
        } else {
            String::new()
        };
        let line = format!("  {run}{doing:<15}  {case}");
        let (_, width) = Term::stderr().size();
        let line = truncate_str(&line, width.into(), "…").into_owned();
        self.bar.set_message(line);
    }

    fn finish(&mut self, row: &Row) {
        self.samples.remove(&row.place);
        self.forecast.finished(row.place, row.phases.total());
        self.look_ahead();
        self.bar.inc(1);
        if row.status.is_failure() {
            let word = style(row.status.word()).for_stderr().red();
            self.bar.println(format!("{word}: {}: {}", row.case, row.reason));
        }
    }

    fn look_ahead(&self) {
        let left = self
            .forecast
            .left()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let at = left.and_then(|left| Instant::now().checked_add(left));
        *self.done_at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

/// The median so far and half the width of its interval.
fn interval(samples: &[f64]) -> String {
    let Some(known) = SampleMedian::of(samples) else {
        return String::new();
    };
    let time = quantity(known.median, Unit::Second);
    if known.holds {
        format!("{time} ± {}", percent(known.half_width()))
    } else {
        time
    }
}

fn style_of(done_at: Arc<Deadline>) -> ProgressStyle {
    let left = move |_: &ProgressState, out: &mut dyn Write| {
        let at = *done_at.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is better than a forecast that has turned out wrong.
        if let Some(left) = at.and_then(|at| at.checked_duration_since(Instant::now())) {
            let _ = write!(out, " {} left", clock(left.as_secs()));
        }
    };
    // The template is a constant, and a test shows a bar.
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("left", left).progress_chars("=> ")
}

/// Seconds as a clock shows them: `0:07`, `12:34`, `1:02:03`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}
