//! What the gate says, for people and for programs.

mod csv;
mod json;
mod markdown;
mod text;
mod words;

pub use csv::cases;
pub use json::document;
pub use markdown::page;
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
}

impl Format {
    /// Every form there is.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Csv, Self::Markdown];

    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
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
        }
    }
}
