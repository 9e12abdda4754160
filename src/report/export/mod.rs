//! Sessions in the formats of other programs: what tracks results, draws them, or compares them.
//!
//! They hold times that can be used: a case that failed, or that is faster than it can be, is left out and named.

mod bencher;
mod benchfmt;
mod github_benchmark;
mod openmetrics;

use std::collections::BTreeSet;

use super::columns::Context;
use crate::error::{Error, Result};
use crate::normalise::{Physics, Score, Timing};

/// A format of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The JSON that Bencher reads with its adapter `json`.
    Bencher,
    /// The JSON that github-action-benchmark reads with its tool `customSmallerIsBetter`.
    GithubBenchmark,
    /// OpenMetrics text, which is Prometheus' as well.
    Openmetrics,
    /// What `go test -bench` prints and benchstat reads: a line for each run.
    Benchfmt,
}

/// Sessions in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The whole file.
    pub text: String,
    /// What is not in it: cases, each with the reason.
    pub left_out: Vec<String>,
}

/// A case with a time that can be used.
#[derive(Clone, Copy)]
struct Timed<'a> {
    context: Context<'a>,
    score: &'a Score,
    timing: Timing,
}

impl Timed<'_> {
    /// How the answer was proved; `none` of what was imported.
    fn proof(&self) -> &str {
        self.score.proof.as_ref().map_or("none", |proof| proof.against.as_str())
    }

    fn case(&self) -> String {
        self.score.case.to_string()
    }
}

impl Format {
    /// Some sessions in this format.
    ///
    /// # Errors
    /// [`Error::Usage`] if a case has several times and the format has room for one.
    pub fn render(self, sessions: &[Context]) -> Result<Exported> {
        let (timed, mut left_out) = timed(sessions);
        let text = match self {
            Self::Bencher => {
                // There is no place in it for the word.
                let (proved, unproved): (Vec<Timed>, Vec<Timed>) =
                    timed.into_iter().partition(|timed| timed.proof() != "none");
                left_out.extend(unproved.iter().map(|timed| format!("{}: unproved", timed.score.case)));
                once(&proved, false)?;
                bencher::document(&proved)
            }
            Self::GithubBenchmark => {
                once(&timed, false)?;
                github_benchmark::document(&timed)
            }
            Self::Openmetrics => {
                once(&timed, true)?;
                openmetrics::text(&timed)
            }
            Self::Benchfmt => benchfmt::text(&timed),
        };
        Ok(Exported { text, left_out })
    }
}

fn timed<'a>(sessions: &[Context<'a>]) -> (Vec<Timed<'a>>, Vec<String>) {
    let (mut timed, mut left_out) = (Vec::new(), Vec::new());
    for context in sessions {
        for score in &context.scores.rows {
            match score.timing {
                Some(_) if score.physics == Physics::Impossible => {
                    left_out.push(format!("{}: impossible, faster than the ceilings allow", score.case));
                }
                Some(timing) => timed.push(Timed {
                    context: *context,
                    score,
                    timing,
                }),
                None => left_out.push(format!("{}: {}, {}", score.case, score.status.word(), score.reason)),
            }
        }
    }
    (timed, left_out)
}

/// Whether each case has one time, or one on each machine.
fn once(timed: &[Timed], on_each_machine: bool) -> Result<()> {
    let mut seen = BTreeSet::new();
    let key = |timed: &Timed| {
        let machine = &timed.context.session.header.keys.hard;
        (timed.case(), on_each_machine.then(|| machine.clone()))
    };
    match timed.iter().find(|timed| !seen.insert(key(timed))) {
        None => Ok(()),
        Some(timed) => Err(Error::Usage(format!(
            "{} stands in several of the sessions, and this format has room for one time; give one session",
            timed.score.case
        ))),
    }
}
