//! What a claim asks.

use std::sync::LazyLock;

use regex::Regex;

use crate::judge::Region;
use crate::published::{Claim, Decimal, Precision, Relation, Scope};

/// What is asked of two chips.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is said of the subject.
    pub relation: Relation,
    /// Which ratios bear that out.
    pub region: Region,
    /// What it is about.
    pub scope: Scope,
    /// The number formats that are named; none means those in use.
    pub precisions: Vec<Precision>,
    /// The margin around a factor, as a fraction.
    pub margin: f64,
}

impl Question {
    /// Whether two chips are on par in a scope.
    #[must_use]
    pub const fn parity(scope: Scope, margin: f64) -> Self {
        Self {
            relation: Relation::OnPar,
            region: Region::parity(margin),
            scope,
            precisions: Vec::new(),
            margin,
        }
    }

    /// What a claim says. One that is not testable as worded is asked of everything.
    #[must_use]
    pub fn of(claim: &Claim, margin: f64) -> Self {
        Self {
            relation: claim.relation,
            region: region(claim, margin),
            scope: if claim.testable_as_worded {
                claim.scope
            } else {
                Scope::Unspecified
            },
            precisions: stated_precisions(claim),
            margin,
        }
    }
}

/// Ahead and behind are judged at exactly 1: whoever says ahead does not say by how much. A multiple with one factor only
/// ("up to 3") is judged at that factor.
fn region(claim: &Claim, margin: f64) -> Region {
    let factors = [&claim.factor_low, &claim.factor_high].map(|factor| factor.as_ref().map(Decimal::value));
    match (claim.relation, factors) {
        (Relation::Multiple, [Some(low), Some(high)]) => Region::multiple(low, high, margin),
        (Relation::Multiple, [Some(factor), None] | [None, Some(factor)]) => Region::multiple(factor, factor, margin),
        (Relation::Ahead | Relation::Behind, _) => Region::one(),
        (Relation::OnPar | Relation::NonClaim | Relation::Multiple, _) => Region::parity(margin),
    }
}

/// The number formats that a testable claim names: the tables have no column for them.
fn stated_precisions(claim: &Claim) -> Vec<Precision> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[[:alnum:]]+").expect("a valid pattern"));
    if !claim.testable_as_worded {
        return Vec::new();
    }
    let text = format!("{} {}", claim.paraphrase, claim.notes).to_lowercase();
    let named: Vec<_> = WORD
        .find_iter(&text)
        .filter_map(|word| word.as_str().parse().ok())
        .collect();
    let all = Precision::ALL.iter().copied();
    all.filter(|precision| named.contains(precision)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published::Published;
    use crate::units::Interval;

    fn question(id: &str) -> Question {
        Question::of(Published::embedded().claim(id).expect(id), 0.1)
    }

    #[test]
    fn a_claim_is_held_to_the_formats_it_names() {
        assert_eq!(question("pc23-p800-over-h20-fp16").precisions, [Precision::Fp16]);
        assert_eq!(
            question("pc33-h20-below-910b-fp16").precisions,
            [Precision::Fp16],
            "from its notes"
        );
        assert!(question("article-zhenwu-vs-h20").precisions.is_empty());
    }

    #[test]
    fn the_region_is_that_of_the_relation() {
        let ends = question("pc23-p800-over-h20-fp16").region.ends();
        assert!((ends.low - 2.3 / 1.1).abs() < 1e-12 && (ends.high - 2.3 * 1.1).abs() < 1e-12);
        assert_eq!(question("pc24-p800-ahead-h20-fp16").region.ends(), Interval::point(1.0));
        assert_eq!(
            question("pc17-m890-3x-810e").region,
            Region::multiple(3.0, 3.0, 0.1),
            "up to 3"
        );
    }

    #[test]
    fn what_is_not_testable_as_worded_is_asked_of_everything() {
        assert_eq!(question("article-zhenwu-vs-h20").scope, Scope::Unspecified);
        assert_eq!(question("pc24-p800-ahead-h20-fp16").scope, Scope::Gemm);
    }
}
