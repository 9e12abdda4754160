//! Two measured sides, case by case: are the devices on par?
//!
//! A side is a session or a table of runs. What may be compared of it is decided row by row, and what is not is named with
//! the reason; nothing is left out in silence. The rule itself is `judge`'s.

mod differences;
mod refusal;
mod side;
mod whole;

pub use differences::{Difference, differences};
pub use refusal::{Allowed, Refusal};
pub use side::{Origin, Side, SideCase};
pub use whole::Whole;

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::judge::{Finding, Rule, Runs, Verdict};
use crate::record::{Quantity, RunValue};

/// What a comparison came to.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The rule.
    pub rule: Rule,
    /// The two sides; every ratio is the speed of the first over that of the second.
    pub sides: [Side; 2],
    /// What was compared, in the order of the first side.
    pub cases: Vec<Compared>,
    /// The geometric means of the suites.
    pub suites: Vec<Whole>,
    /// The geometric mean of all cases.
    pub all: Whole,
    /// The verdict on all cases together.
    pub verdict: Verdict,
    /// What is on both sides and was not compared.
    pub refused: Vec<Refused>,
    /// Names of the cases that only the first side has, and only the second.
    pub only: [Vec<String>; 2],
    /// What differs besides the chip.
    pub differences: Vec<Difference>,
}

/// A case that was compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Its name.
    pub case: String,
    /// What the runs say.
    pub finding: Finding,
    /// Runs of each side.
    pub runs: [usize; 2],
}

/// A case of a side that may not be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Its name.
    pub case: String,
    /// Which side, 0 or 1.
    pub side: usize,
    /// Why.
    pub refusal: Refusal,
}

/// A case of which both sides may be compared.
struct Pair<'s> {
    case: &'s str,
    suite: Option<&'s str>,
    values: [&'s [RunValue]; 2],
}

/// Compares two sides.
///
/// # Errors
/// [`Error::Usage`] if there is nothing to compare, or if one side has times and the other rates.
pub fn compare(sides: [Side; 2], rule: Rule) -> Result<Comparison> {
    let [first, second] = &sides;
    if first.quantity != second.quantity {
        return Err(Error::Usage(format!(
            "the first side has {} and the second {}: the two cannot be compared; give both the same",
            first.quantity.word(),
            second.quantity.word()
        )));
    }
    let Matched { pairs, refused, only } = matched(first, second);
    // Where something was to be measured and is not known, the answer is not known, which is an answer.
    let is_open = refused.iter().any(|refused| refused.refusal.leaves_open());
    if pairs.is_empty() && !is_open {
        return Err(nothing_to_compare(&sides, &refused));
    }
    let family: Vec<Runs> = pairs.iter().map(|pair| runs(first.quantity, pair.values)).collect();
    let cases: Vec<Compared> = pairs
        .iter()
        .zip(rule.judge(&family))
        .map(|(pair, finding)| Compared {
            case: pair.case.to_owned(),
            finding,
            runs: pair.values.map(<[RunValue]>::len),
        })
        .collect();
    let open = refused.iter().filter(|refused| refused.refusal.leaves_open());
    let verdicts = cases.iter().map(|case| case.finding.verdict);
    let verdict = Verdict::overall(verdicts.chain(open.map(|_| Verdict::Inconclusive)));
    Ok(Comparison {
        rule,
        suites: whole::suites(&pairs, first.quantity, rule),
        all: whole::all(&pairs, first.quantity, rule),
        verdict,
        differences: differences(first, second),
        cases,
        refused,
        only,
        sides,
    })
}

/// Which cases stand where.
struct Matched<'s> {
    pairs: Vec<Pair<'s>>,
    refused: Vec<Refused>,
    only: [Vec<String>; 2],
}

fn matched<'s>(first: &'s Side, second: &'s Side) -> Matched<'s> {
    let mut theirs: HashMap<&str, &SideCase> = second.cases.iter().map(|case| (case.name.as_str(), case)).collect();
    let (mut pairs, mut refused, mut only) = (Vec::new(), Vec::new(), Vec::new());
    for ours in &first.cases {
        let Some(other) = theirs.remove(ours.name.as_str()) else {
            only.push(ours.name.clone());
            continue;
        };
        if let (Ok(a), Ok(b)) = (&ours.values, &other.values) {
            pairs.push(Pair {
                case: &ours.name,
                suite: ours
                    .suite
                    .as_deref()
                    .filter(|suite| other.suite.as_deref() == Some(suite)),
                values: [a, b],
            });
            continue;
        }
        for (side, values) in [&ours.values, &other.values].into_iter().enumerate() {
            refused.extend(values.as_ref().err().map(|refusal| Refused {
                case: ours.name.clone(),
                side,
                refusal: refusal.clone(),
            }));
        }
    }
    let left = second
        .cases
        .iter()
        .filter(|case| theirs.contains_key(case.name.as_str()));
    let only = [only, left.map(|case| case.name.clone()).collect()];
    Matched { pairs, refused, only }
}

fn runs(quantity: Quantity, [first, second]: [&[RunValue]; 2]) -> Runs {
    let values = |side: &[RunValue]| side.iter().map(|run| run.value).collect();
    let (over, under) = match quantity {
        Quantity::Rate => (first, second),
        // The longer time is the lower speed.
        Quantity::Seconds => (second, first),
    };
    Runs {
        over: values(over),
        under: values(under),
    }
}

fn nothing_to_compare(sides: &[Side; 2], refused: &[Refused]) -> Error {
    if let Some(Refused { case, side, refusal }) = refused.first() {
        let which = ["first", "second"][*side];
        return Error::Usage(format!(
            "nothing to compare: every case that both sides have was refused, as {case} of the {which}: {refusal}"
        ));
    }
    let [first, second] = sides.each_ref().map(|side| match side.cases.first() {
        Some(case) => format!("{} cases, as {}", side.cases.len(), case.name),
        None => "no case".to_owned(),
    });
    Error::Usage(format!(
        "nothing to compare: no case is on both sides; the first has {first}, the second {second}; measure the same suite \
         at the same --scale on both"
    ))
}
