//! What published figures say of a claim that one chip is on par with another.
//!
//! For each workload of the claim's scope the figures of both chips give a paper time, T = max(F / P, B / W), and the
//! times give a ratio: the speed of the subject over that of the reference, as an interval. A verdict is given only where
//! all of the interval allows it; where it is not, an audit says which figure is missing and what it would have to be.
//! `docs/audit.md` has the rules.

mod axis;
mod claim;
mod figures;
mod judge;
mod kin;
mod need;
mod roofline;
mod scope;
mod verdict;
mod work;

pub use axis::{Axis, axes};
pub use claim::Question;
pub use figures::{FigureKey, Figures};
pub use judge::{Bound, Judgement, Need, Side, binding, judge, judge_quantity, speed};
pub use kin::kin;
pub use need::{Wanted, wanted};
pub use roofline::{Part, Peak, Roofline, Term, Terms, unbounded};
pub use scope::{Finding, LayerFinding, ScopeAudit, WorkloadFinding};
pub use verdict::{Better, ClaimVerdict, Verdict};

use scope::Pair;
use work::WorkTable;

use crate::published::{Chip, Claim, Published, Relation};

/// Audits against one data set.
#[derive(Debug, Clone)]
pub struct Auditor<'p> {
    published: &'p Published,
    work: WorkTable,
}

/// Two chips and what the figures say of them.
#[derive(Debug, Clone)]
pub struct Audit<'p> {
    /// The chip whose speed is the numerator.
    pub subject: Figures<'p>,
    /// The chip it is held against.
    pub reference: Figures<'p>,
    /// What is asked.
    pub question: Question,
    /// Along each axis of the scope.
    pub scopes: Vec<ScopeAudit<'p>>,
    /// What becomes of the relation that is asked about, if it were testable.
    pub verdict: ClaimVerdict,
}

/// A claim and what becomes of it.
#[derive(Debug, Clone)]
pub struct ClaimAudit<'p> {
    /// The claim.
    pub claim: &'p Claim,
    /// What becomes of it; `None` for what is no claim: it is listed, not judged.
    pub verdict: Option<ClaimVerdict>,
    /// The figures of both chips; `None` where a side is a group or unnamed, or where there is nothing to judge.
    pub audit: Option<Audit<'p>>,
}

impl<'p> Auditor<'p> {
    /// An auditor for these figures and claims.
    #[must_use]
    pub fn new(published: &'p Published) -> Self {
        Self {
            published,
            work: WorkTable::new(),
        }
    }

    /// The data set.
    #[must_use]
    pub const fn published(&self) -> &'p Published {
        self.published
    }

    /// Audits a claim.
    #[must_use]
    pub fn claim(&self, claim: &'p Claim, margin: f64) -> ClaimAudit<'p> {
        let chip = |id: &Option<String>| self.published.chip(id.as_deref()?);
        let sides = chip(&claim.subject).zip(chip(&claim.reference));
        let judged = claim.relation != Relation::NonClaim;
        let audit = sides
            .filter(|_| judged)
            .map(|(subject, reference)| self.pair(subject, reference, Question::of(claim, margin)));
        let verdict = match &audit {
            Some(audit) if claim.testable_as_worded => audit.verdict,
            // A group or an unnamed part cannot be held against anything, however well the rest is worded.
            _ => ClaimVerdict::NotTestableAsWorded,
        };
        ClaimAudit {
            claim,
            verdict: judged.then_some(verdict),
            audit,
        }
    }

    /// Audits every claim of the data set, in its order.
    #[must_use]
    pub fn claims(&self, margin: f64) -> Vec<ClaimAudit<'p>> {
        let claims = self.published.claims.iter();
        claims.map(|claim| self.claim(claim, margin)).collect()
    }

    /// Audits two chips.
    #[must_use]
    pub fn pair(&self, subject: &'p Chip, reference: &'p Chip, question: Question) -> Audit<'p> {
        let subject = Figures::of(self.published, subject);
        let reference = Figures::of(self.published, reference);
        let pair = Pair {
            subject: &subject,
            reference: &reference,
            region: question.region,
        };
        let scopes: Vec<_> = axes(question.scope, &question.precisions)
            .into_iter()
            .map(|axis| match axis {
                Axis::Work(setting, precision) => pair.work(axis, &self.work.at(setting, precision)),
                Axis::Figure(key) => pair.figure(axis, key),
            })
            .collect();
        let verdict = ClaimVerdict::of(question.relation, scopes.iter().flat_map(ScopeAudit::verdicts));
        Audit {
            subject,
            reference,
            question,
            scopes,
            verdict,
        }
    }
}
