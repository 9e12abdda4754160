//! Rules of `claims.csv`; its chips and sources are checked with the ids.

use crate::published::problem::Problem;
use crate::published::rows::Claim;
use crate::published::vocabulary::Relation;

pub(super) fn check(claims: &[Claim], problems: &mut Vec<Problem>) {
    for claim in claims {
        let mut wrong = |column, message| problems.push(claim.location.problem(column, message));
        match (&claim.factor_low, &claim.factor_high) {
            (Some(low), Some(high)) if low > high => {
                wrong("factor_low", "factor_low > factor_high; exchange them or correct one");
            }
            (None, None) if claim.relation == Relation::Multiple => {
                wrong(
                    "factor_low",
                    "a multiple needs a factor; give factor_low, factor_high or both",
                );
            }
            _ => {}
        }
        if claim.testable_as_worded != claim.why_not_testable.is_empty() {
            wrong(
                "why_not_testable",
                "why_not_testable must be given exactly where testable_as_worded is no",
            );
        }
        if !claim.paraphrase.ends_with('.') {
            wrong("paraphrase", "paraphrase is not a sentence; end it with a full stop");
        }
    }
}
