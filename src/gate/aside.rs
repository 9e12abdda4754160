//! Cases that have no verdict of their own.

use super::case::{Judged, Verdict};
use super::measured::Measured;
use super::outcome::{LeftOut, Outcome};
use super::reason::Reason;
use crate::compare::{Refusal, SideCase};

impl Outcome {
    /// A case that is not judged, and why. What the device lacks and never had is left out.
    pub(super) fn set_aside(&mut self, case: &SideCase, why: Reason, had: bool) {
        match &why {
            Reason::Refused(refusal) if !(refusal.leaves_open() || had && is_failure(refusal)) => {
                self.left_out.push(LeftOut {
                    case: case.name.clone(),
                    refusal: refusal.clone(),
                });
            }
            Reason::Refused(Refusal::Failed { status, .. }) if status.is_failure() => {
                self.cases
                    .push(Judged::unknown(&case.name, &case.variant, Verdict::Failed, why));
            }
            _ => self
                .cases
                .push(Judged::unknown(&case.name, &case.variant, Verdict::Inconclusive, why)),
        }
    }

    /// Cases that were to be measured, and were not in every run.
    pub(super) fn set_aside_unfinished(&mut self, names: &[String]) {
        for name in names {
            self.cases
                .push(Judged::unknown(name, "", Verdict::Failed, Reason::NotMeasured));
        }
    }

    pub(super) fn in_order(&mut self, now: &Measured) {
        let plan: Vec<String> = now.header.plan.iter().map(ToString::to_string).collect();
        let place = |judged: &Judged| plan.iter().position(|case| *case == judged.case);
        self.cases.sort_by_key(place);
    }
}

const fn is_failure(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Failed { .. })
}
