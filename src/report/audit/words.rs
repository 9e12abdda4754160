//! What an audit says, in words and short numbers: shared by the forms for readers.

use crate::audit::{Audit, Axis, Bound, ClaimVerdict, Figures, Side, Verdict, Wanted};
use crate::published::{Caveat, Cell, Claim, Decimal, Origin, Relation, State};
use crate::report::{interval, interval_in};
use crate::suites::{Setting, WorkScope};
use crate::units::{Interval, counted, quantity, significant};

/// A scope in words: work with how much of it is done at once.
pub(super) fn scope_name(axis: Axis) -> String {
    match axis {
        Axis::Work(Setting { scope, batch, .. }, _) if *scope == WorkScope::Decode => {
            format!("decode ({})", counted(*batch, "user"))
        }
        axis => axis.scope().replace('_', " "),
    }
}

/// A side of a claim: its chip, if the claim says which.
pub(in crate::report) fn named(chip: &Option<String>) -> &str {
    chip.as_deref().unwrap_or("(unnamed)")
}

/// A verdict in words: of a claimed multiple it says where the ratio lies from that.
pub(super) const fn verdict(verdict: Verdict, relation: Relation) -> &'static str {
    match (verdict, relation) {
        (Verdict::OnPar, Relation::Multiple) => "as claimed",
        (Verdict::Ahead, Relation::Multiple) => "above",
        (Verdict::Behind, Relation::Multiple) => "below",
        (Verdict::OnPar, Relation::Ahead | Relation::Behind) => "equal",
        (Verdict::OnPar, _) => "on par",
        (Verdict::Ahead, _) => "ahead",
        (Verdict::Behind, _) => "behind",
        (Verdict::Open, _) => "open",
        (Verdict::NotDecidable, _) => "not decidable",
        (Verdict::Mixed, _) => "mixed",
    }
}

/// A ratio with three digits: `1.69-2.33`, `<=0.6`, `-` where nothing is known.
pub(super) fn ratio(ratio: Interval) -> String {
    interval_in(ratio, 1.0)
}

/// A condition and why it is one: `at least 3.64 TB/s; unpublished`.
pub(super) fn asked(audit: &Audit<'_>, wanted: &Wanted) -> String {
    let unit = wanted.key.metric.unit();
    let bound = match wanted.bound {
        Bound::AtLeast(value) => format!("at least {}", quantity(value, unit)),
        Bound::AtMost(value) => format!("at most {}", quantity(value, unit)),
        Bound::Unknown => return "the figures of both chips are missing".to_owned(),
    };
    let why = side(audit, wanted.side)
        .cell(wanted.key)
        .map_or_else(String::new, standing);
    format!("{bound}; {why}")
}

/// Why a figure decides nothing.
fn standing(cell: &Cell<'_>) -> String {
    let value = interval(cell.shown, cell.key.metric.unit());
    let derived = if cell.caveats().contains(&Caveat::Derived) {
        ", derived"
    } else {
        ""
    };
    match cell.state {
        State::Unpublished | State::Unsupported => "unpublished".to_owned(),
        State::AtLeast => format!("only a floor is known: {value}{derived}"),
        State::AtMost => format!("only a limit is known: {value}{derived}"),
        State::Settled | State::Disputed => format!("{value} is derived and decides nothing"),
    }
}

pub(super) const fn side<'a, 'p>(audit: &'a Audit<'p>, side: Side) -> &'a Figures<'p> {
    match side {
        Side::Subject => &audit.subject,
        Side::Reference => &audit.reference,
    }
}

/// What to call a chip: its name as it is sold.
pub(in crate::report) fn name(figures: &Figures<'_>) -> String {
    figures.chip.name.clone()
}

/// The relation that a verdict is about, where the margin makes it one.
pub(in crate::report) fn asked_region(audit: &Audit<'_>) -> String {
    let ends = audit.question.region.ends();
    if ends.is_point() {
        return "judged at a ratio of exactly 1".to_owned();
    }
    let margin = margin(audit.question.margin);
    let word = verdict(Verdict::OnPar, audit.question.relation);
    format!("with a margin of {margin}: a ratio of {} is {word}", ratio(ends))
}

/// A chip's name and id.
pub(super) fn full_name(figures: &Figures<'_>) -> String {
    let chip = figures.chip;
    format!("{} ({}){}", chip.name, chip.id, own(chip.location.origin()))
}

/// Marks what is the user's own.
pub(in crate::report) const fn own(origin: Origin) -> &'static str {
    match origin {
        Origin::Embedded => "",
        Origin::User => " (yours)",
    }
}

/// What a claim says of two chips, in words.
pub(in crate::report) fn relation(claim: &Claim) -> String {
    let factor = [&claim.factor_low, &claim.factor_high].map(|factor| factor.as_ref().map(Decimal::value));
    match (claim.relation, factor) {
        (Relation::OnPar, _) => "on par with".to_owned(),
        (Relation::Ahead, _) => "ahead of".to_owned(),
        (Relation::Behind, _) => "behind".to_owned(),
        (Relation::NonClaim, _) => "beside".to_owned(),
        (Relation::Multiple, [None, Some(high)]) => format!("up to {high} times"),
        (Relation::Multiple, [Some(low), Some(high)]) if low < high => format!("{low} to {high} times"),
        (Relation::Multiple, [low, _]) => format!("{} times", low.unwrap_or(1.0)),
    }
}

/// The last word on a claim.
pub(in crate::report) const fn claim_verdict(verdict: Option<ClaimVerdict>) -> &'static str {
    match verdict {
        Some(ClaimVerdict::Supported) => "supported",
        Some(ClaimVerdict::Contradicted) => "contradicted",
        Some(ClaimVerdict::Open) => "open",
        Some(ClaimVerdict::NotTestableAsWorded) => "not testable as worded",
        None => "no claim",
    }
}

/// A unit-less margin as a percentage.
pub(in crate::report) fn margin(margin: f64) -> String {
    format!("{} %", significant(margin * 100.0, 3))
}
