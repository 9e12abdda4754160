//! What the gate says, for people and for programs.

mod csv;
mod github;
mod json;
mod junit;
mod markdown;
mod openmetrics;
mod text;
mod words;

pub use csv::cases;
pub use github::{annotations, summary};
pub use json::document;
pub use junit::junit;
pub use markdown::page;
pub use openmetrics::metrics;
pub use text::text;

use crate::gate::Outcome;

/// A form of the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a reader of plain text.
    Text,
    /// One JSON document.
    Json,
    /// A line for each case.
    Csv,
    /// A page with a table.
    Markdown,
    /// A test for each case.
    Junit,
    /// The same page, no longer than GitHub shows.
    GithubSummary,
    /// The worst as annotations of a run of GitHub Actions.
    GithubAnnotations,
    /// For GitLab's report of metrics and for Prometheus.
    Openmetrics,
}

impl Format {
    /// Every form there is.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Json,
        Self::Csv,
        Self::Markdown,
        Self::Junit,
        Self::GithubSummary,
        Self::GithubAnnotations,
        Self::Openmetrics,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::GithubSummary => "github-summary",
            Self::GithubAnnotations => "github-annotations",
            Self::Openmetrics => "openmetrics",
        }
    }

    /// The outcome in this form.
    #[must_use]
    pub fn render(self, outcome: &Outcome) -> String {
        match self {
            Self::Text => text(outcome),
            Self::Json => format!("{:#}\n", document(outcome)),
            Self::Csv => cases(outcome),
            Self::Markdown => page(outcome),
            Self::Junit => junit(outcome),
            Self::GithubSummary => summary(outcome),
            Self::GithubAnnotations => annotations(outcome),
            Self::Openmetrics => metrics(outcome),
        }
    }
}
