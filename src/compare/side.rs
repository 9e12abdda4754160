//! One side of a comparison.

use super::refusal::{Allowed, Refusal};
use crate::normalise::{Run, Scores};
use crate::record::{Header, Quantity, RunTable, RunValue, Session};

/// What was measured on one device.
#[derive(Debug, Clone)]
pub struct Side {
    /// Where it comes from.
    pub origin: Origin,
    /// What its values are.
    pub quantity: Quantity,
    /// Its cases, each once, in order.
    pub cases: Vec<SideCase>,
}

/// Where the values of a side come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A session.
    Session(Box<Header>),
    /// A table that another program wrote: what it does not say is not known, and nothing of it is proved.
    Table {
        /// What it was measured on.
        device: Option<String>,
        /// What measured it.
        software: Option<String>,
    },
}

/// A case of one side.
#[derive(Debug, Clone)]
pub struct SideCase {
    /// Its name.
    pub name: String,
    /// The suite that it belongs to.
    pub suite: Option<String>,
    /// The variant that ran; empty where that is not known.
    pub variant: String,
    /// Whether its answers were compared with a reference.
    pub is_proved: bool,
    /// A value a run, or why they may not be compared.
    pub values: Result<Vec<RunValue>, Refusal>,
}

impl Side {
    /// The side of a session.
    #[must_use]
    pub fn of_session(session: &Session, scores: &Scores, allowed: Allowed) -> Self {
        let case = |score: &crate::normalise::Score| SideCase {
            name: score.case.to_string(),
            suite: Some(session.header.options.suite.clone()),
            variant: score.variant.clone(),
            is_proved: score.proof.is_some(),
            values: Refusal::of(score, allowed).map_or_else(
                || {
                    let runs = score.runs.iter();
                    let value = |run: &Run| RunValue {
                        run: run.run,
                        value: run.median.median,
                    };
                    Ok(runs.map(value).collect())
                },
                Err,
            ),
        };
        Self {
            origin: Origin::Session(Box::new(session.header.clone())),
            quantity: Quantity::Seconds,
            cases: scores.rows.iter().map(case).collect(),
        }
    }

    /// The side of a table. That it is named is the request to compare what is unproved.
    #[must_use]
    pub fn of_table(table: RunTable) -> Self {
        let cases = table.cases.into_iter().map(|case| SideCase {
            name: case.name,
            suite: case.suite,
            variant: String::new(),
            is_proved: false,
            values: Ok(case.values),
        });
        Self {
            origin: Origin::Table {
                device: table.device,
                software: table.software,
            },
            quantity: table.quantity,
            cases: cases.collect(),
        }
    }

    /// Whether any of its values that are compared is unproved.
    #[must_use]
    pub fn has_unproved(&self) -> bool {
        self.cases.iter().any(|case| case.values.is_ok() && !case.is_proved)
    }
}
