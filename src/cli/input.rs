//! What a user names on the command line.

use std::path::Path;

use super::output::complain;
use crate::error::{Error, Result, tame};
use crate::kernels::{Case, Kernel, REGISTRY, find};
use crate::record::RunTable;
use crate::suites::{self, SUITES, Scale, Suite};

/// A case, and its kernel.
///
/// # Errors
/// A name that is malformed, or a case that no kernel has; the message says what there is.
pub(super) fn case(name: &str) -> Result<(&'static Kernel, Case)> {
    let case: Case = name.parse().map_err(Error::Usage)?;
    let kernel = find(&case.kernel).ok_or_else(|| {
        let names: Vec<_> = REGISTRY.iter().map(|kernel| kernel.name).collect();
        Error::Usage(format!(
            "case {case}: there is no kernel {}; the kernels are {}",
            case.kernel,
            names.join(", ")
        ))
    })?;
    kernel.check(&case).map_err(Error::Usage)?;
    Ok((kernel, case))
}

/// A suite.
///
/// # Errors
/// A name that no suite has; the message says which there are.
pub(super) fn suite(name: &str) -> Result<&'static Suite> {
    suites::suite(name).ok_or_else(|| {
        let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        Error::Usage(format!("--suite {name}: the suites are {}", names.join(", ")))
    })
}

/// A table of runs. Columns that mean nothing are named on standard error.
///
/// # Errors
/// As [`RunTable::read`].
pub(super) fn table(path: &Path) -> Result<RunTable> {
    let table = RunTable::read(path)?;
    for column in &table.unknown_columns {
        let column = tame(column);
        complain(&format!(
            "onpar: {}: column `{column}` means nothing here",
            path.display()
        ));
    }
    Ok(table)
}

/// A percentage, with or without its sign, as a part of 1.
pub(super) fn margin(text: &str) -> std::result::Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=1000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("expected a percentage from 0 to 1000, as 10%".to_owned()),
    }
}

/// A chance of being wrong.
pub(super) fn alpha(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(alpha) if alpha > 0.0 && alpha <= 0.5 => Ok(alpha),
        _ => Err("expected a probability, more than 0 and at most 0.5, as 0.05".to_owned()),
    }
}

/// A scale of a suite.
pub(super) fn scale_of(text: &str) -> std::result::Result<Scale, String> {
    Scale::ALL
        .into_iter()
        .find(|scale| scale.word() == text)
        .ok_or_else(|| "expected 1, 1/2, 1/4 or 1/8".to_owned())
}

/// A time that a person may wait for.
pub(super) fn seconds(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(seconds),
        _ => Err("expected seconds, more than 0 and at most 86400".to_owned()),
    }
}

/// A probability that is neither certain nor impossible.
pub(super) fn probability(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err("expected a probability, more than 0 and less than 1, as 0.001".to_owned()),
    }
}

/// A part of 1, or a percentage.
pub(super) fn part(text: &str) -> std::result::Result<f64, String> {
    let (number, scale, most) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0, f64::MAX),
        None => (text, 1.0, 1.0),
    };
    match number.parse::<f64>() {
        Ok(number) if (0.0..most).contains(&number) => Ok(number / scale),
        _ => Err("expected a part of the level, as 0.05, or a percentage, as 5%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_a_percentage() {
        assert_eq!(margin("10%"), Ok(0.1));
        assert_eq!(margin("2.5"), Ok(0.025));
        for text in ["", "-1%", "NaN", "inf", "ten", "10%%"] {
            assert!(margin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_alpha_is_a_probability_worth_the_name() {
        assert_eq!(alpha("0.05"), Ok(0.05));
        for text in ["", "0", "-0.1", "5%", "0.6", "NaN"] {
            assert!(alpha(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_smallest_change_is_a_part_or_a_percentage() {
        assert_eq!(part("0.05"), Ok(0.05));
        assert_eq!(part("5%"), Ok(0.05));
        assert_eq!(part("150 %"), Ok(1.5));
        assert_eq!(part("0"), Ok(0.0));
        for text in ["", "2", "-1%", "NaN", "inf", "inf%", "two"] {
            assert!(part(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_probability_is_neither_certain_nor_impossible() {
        assert_eq!(probability("1e-4"), Ok(1e-4));
        for text in ["0", "1", "-0.5", "NaN", "5%", ""] {
            assert!(probability(text).is_err(), "{text}");
        }
    }
}
