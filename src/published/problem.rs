//! What is wrong in a data file, and where.

use crate::error::{Error, Place};

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File, line and column of the offending field.
    pub place: Place,
    /// What is wrong, what was expected and how to mend it.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// How many problems an error message lists before it only counts.
const LISTED: usize = 10;

/// One error for all problems, at the place of the first; `Ok` where there are none.
///
/// # Errors
/// [`Error::Data`] that lists the first ten problems and the count of the rest.
pub fn fail_on(problems: &[Problem]) -> Result<(), Error> {
    let Some((first, others)) = problems.split_first() else {
        return Ok(());
    };
    let mut message = first.message.clone();
    for problem in others.iter().take(LISTED - 1) {
        message.push_str(&format!("\n{problem}"));
    }
    if problems.len() > LISTED {
        message.push_str(&format!("\nand {} more", problems.len() - LISTED));
    }
    if problems.len() > 1 {
        message.push_str(&format!("\n{} problems in all", problems.len()));
    }
    Err(Error::Data {
        place: first.place.clone(),
        message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_lists_ten_problems_and_counts_the_rest() {
        let problem = |line| Problem {
            place: Place {
                file: "figures.csv".to_owned(),
                line: Some(line),
                column: Some(3),
            },
            message: "wrong".to_owned(),
        };
        let problems: Vec<_> = (1..=12).map(problem).collect();
        let text = fail_on(&problems).expect_err("problems").to_string();
        assert!(
            text.starts_with("figures.csv:1:3: wrong\nfigures.csv:2:3: wrong\n"),
            "{text}"
        );
        assert!(
            text.ends_with("figures.csv:10:3: wrong\nand 2 more\n12 problems in all"),
            "{text}"
        );
        assert!(fail_on(&[]).is_ok());
    }
}
