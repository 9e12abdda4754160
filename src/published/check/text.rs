//! Dates, and the language of our own notes.

use std::sync::LazyLock;

use regex::Regex;

use crate::published::load::Records;
use crate::published::problem::Problem;

/// Columns that hold our own words, which are English.
const OUR_WORDS: [&str; 4] = ["note", "notes", "paraphrase", "why_not_testable"];

pub(super) fn check(records: &Records, problems: &mut Vec<Problem>) {
    for row in records.values().flatten() {
        for column in row.columns() {
            let text = row.get(column);
            if *column == "date" && !text.is_empty() && !is_date(text) {
                let message =
                    format!("bad date `{text}`; write YYYY, YYYY-MM, YYYY-MM-DD, or one of them, `/` and an end");
                problems.push(row.location.problem(column, message));
            }
            if OUR_WORDS.contains(column) && !text.is_ascii() {
                let foreign: String = text.chars().filter(|c| !c.is_ascii()).take(5).collect();
                let message = format!("non-English character in {column}: `{foreign}`; write plain English (ASCII)");
                problems.push(row.location.problem(column, message));
            }
        }
    }
}

/// An interval ends in a year or a month.
fn is_date(text: &str) -> bool {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2})?)?$").expect("a valid pattern")
    });
    DATE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_years_months_days_or_intervals() {
        for text in ["2025", "2025-09", "2025-09-11", "2024/2025-01", "2024-05-06/2025"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["2025-9", "2025-09-11 ", "11.09.2025", "2024/2025-01-02"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
