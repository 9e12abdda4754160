//! Rules of `chips.csv`, and the self-test of its adapter patterns.

use std::collections::BTreeSet;

use super::adapters::ADAPTERS;
use crate::published::problem::Problem;
use crate::published::record::Origin;
use crate::published::rows::Chip;

pub(super) fn check(chips: &[Chip], problems: &mut Vec<Problem>) {
    for chip in chips {
        if !chip.announced.is_empty() && !is_month(&chip.announced) {
            let message = format!("announced: `{}` is not YYYY-MM", chip.announced);
            problems.push(chip.location.problem("announced", message));
        }
        let country = &chip.maker_country;
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            let message = format!("maker_country: `{country}` is not a two-letter code, as US or CN");
            problems.push(chip.location.problem("maker_country", message));
        }
    }
    has_self_test(chips, problems);
    for (adapter, want) in ADAPTERS {
        self_test(chips, adapter, *want, problems);
    }
}

fn is_month(text: &str) -> bool {
    text.len() == 7
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 { b == b'-' } else { b.is_ascii_digit() })
}

/// A pattern that no known name tests may match anything. The user's own chips over the embedded ones are spared:
/// the table of names is part of the program.
fn has_self_test(chips: &[Chip], problems: &mut Vec<Problem>) {
    let tested: BTreeSet<_> = ADAPTERS.iter().filter_map(|(_, chip)| *chip).collect();
    let laid_over = chips.iter().any(|chip| chip.location.origin() == Origin::Embedded);
    for chip in chips {
        let spared = laid_over && chip.location.origin() == Origin::User;
        if chip.adapter_match.is_some() && !spared && !tested.contains(chip.id.as_str()) {
            let message = "adapter_match has no name in the self-test table ADAPTERS (src/published/check/adapters.rs); \
                           add the name that a driver reports";
            problems.push(chip.location.problem("adapter_match", message));
        }
    }
}

/// Holds that a name as a driver reports it matches exactly the chip it belongs to, or none.
fn self_test(chips: &[Chip], adapter: &str, want: Option<&str>, problems: &mut Vec<Problem>) {
    let matches = |chip: &&Chip| {
        chip.adapter_match
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(adapter))
    };
    let expected = want.unwrap_or("no chip");
    for chip in chips
        .iter()
        .filter(matches)
        .filter(|chip| Some(chip.id.as_str()) != want)
    {
        let message = format!("adapter_match also matches `{adapter}`, which is {expected}; make the pattern narrower");
        problems.push(chip.location.problem("adapter_match", message));
    }
    let Some(want) = want else { return };
    match chips.iter().find(|chip| chip.id == want) {
        Some(chip) if matches(&chip) => {}
        Some(chip) => {
            let message =
                format!("adapter_match does not match `{adapter}`, which is this chip; make the pattern wider");
            problems.push(chip.location.problem("adapter_match", message));
        }
        None => problems.extend(chips.first().map(|first| {
            let message = format!("no row for `{want}`, the chip of the adapter `{adapter}`; add the chip");
            first.location.header_problem("adapter_match", message)
        })),
    }
}
