//! Suspects that were measured once more.

use super::case::{Judged, Verdict};
use super::movement::movement;
use super::outcome::Outcome;
use super::reason::Reason;

impl Outcome {
    /// Takes in what measuring the suspects once more came to. What was slower and is not any more is inconclusive; what
    /// could not be told is what it is now.
    pub fn confirm(&mut self, second: &Self) {
        for case in self.cases.iter_mut().filter(|case| case.is_suspect()) {
            if let Some(again) = second.cases.iter().find(|again| again.case == case.case) {
                case.see_again(again);
            }
        }
        let references = self.movement.take().map(|movement| movement.references);
        self.movement = movement(&self.cases, &self.soft, |_| references.unwrap_or_default());
    }
}

impl Judged {
    fn see_again(&mut self, again: &Self) {
        let is_undecided = again.reason == Some(Reason::Undecided);
        match (self.verdict, again.verdict) {
            (Verdict::Regressed, Verdict::Regressed) => self.confirmed = Some(true),
            (Verdict::Regressed, Verdict::Unchanged | Verdict::Improved) => self.refute(),
            (Verdict::Regressed, Verdict::Inconclusive) if is_undecided => self.refute(),
            (Verdict::Inconclusive, Verdict::Regressed | Verdict::Unchanged | Verdict::Improved) => {
                *self = again.clone();
            }
            _ => {}
        }
    }

    fn refute(&mut self) {
        self.confirmed = Some(false);
        self.verdict = Verdict::Inconclusive;
        self.reason = Some(Reason::NotConfirmed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(verdict: Verdict, reason: Option<Reason>) -> Judged {
        Judged {
            reason,
            ..Judged::unknown("case", "", verdict, Reason::Undecided)
        }
    }

    #[test]
    fn only_what_is_slower_twice_has_regressed() {
        let seen = |first: Judged, again: Judged| {
            let mut first = first;
            first.see_again(&again);
            (first.verdict, first.confirmed)
        };
        let regressed = || case(Verdict::Regressed, None);
        let unchanged = || case(Verdict::Unchanged, None);
        let undecided = || case(Verdict::Inconclusive, Some(Reason::Undecided));
        let unseen = || case(Verdict::Inconclusive, Some(Reason::OneSessionEach));
        assert_eq!(seen(regressed(), regressed()), (Verdict::Regressed, Some(true)));
        assert_eq!(seen(regressed(), unchanged()), (Verdict::Inconclusive, Some(false)));
        assert_eq!(seen(regressed(), undecided()), (Verdict::Inconclusive, Some(false)));
        assert_eq!(seen(regressed(), unseen()), (Verdict::Regressed, None));
        assert_eq!(seen(undecided(), unchanged()), (Verdict::Unchanged, None));
        assert_eq!(seen(undecided(), regressed()), (Verdict::Regressed, None));
    }
}
