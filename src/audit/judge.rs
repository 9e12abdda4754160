//! One comparison: the ratio, where it lies, and if that is not decided, why and what would decide it.

use super::roofline::{Part, Roofline, Term, unbounded};
use super::verdict::{Better, Verdict};
use crate::judge::{Ratio, Region};
use crate::normalise::Resource;
use crate::units::Interval;

/// One of the two chips of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one named first, whose speed is the numerator.
    Subject,
    /// The one it is held against.
    Reference,
}

/// What a figure would have to be for the subject to lie in the region, all others being as large as that needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// Whose figure.
    pub side: Side,
    /// Which figure; `None` for the one quantity that is compared, where it is no rate of work.
    pub term: Option<Term>,
    /// The bound, before it is rounded.
    pub bound: Bound,
}

/// A condition on a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// No value can be named, because the other chip's figure is missing too.
    Unknown,
}

/// What the figures say of one comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The ratio that the verdict rests on; absent where a chip has no path.
    pub ratio: Option<Ratio>,
    /// The verdict.
    pub verdict: Verdict,
    /// What would decide it; empty where it is decided or only in dispute.
    pub needs: Vec<Need>,
}

impl Judgement {
    /// What a chip is to itself.
    pub const ONE: Self = decided(Some(Ratio::ONE), Verdict::OnPar);

    /// What follows from one chip's having no path.
    #[must_use]
    pub const fn without_ratio(verdict: Verdict) -> Self {
        decided(None, verdict)
    }
}

/// What binds both chips during most of the time of some work, where the figures say.
#[must_use]
pub fn binding(subject: &Roofline, reference: &Roofline, parts: &[Part]) -> [Option<Resource>; 2] {
    [subject, reference].map(|chip| chip.binding(parts))
}

/// The ratio of the speeds at which two chips do some work; `None` where one has no path for it.
#[must_use]
pub fn speed(subject: &Roofline, reference: &Roofline, parts: &[Part]) -> Option<Ratio> {
    if subject.chip == reference.chip {
        return Some(Ratio::ONE);
    }
    let (numerator, denominator) = (reference.seconds(parts)?, subject.seconds(parts)?);
    // No work takes no time on either.
    let nothing = numerator == Interval::ZERO && denominator == Interval::ZERO;
    Some(if nothing {
        Ratio::ONE
    } else {
        Ratio::new(numerator, denominator)
    })
}

/// Judges work: one part alone, or the parts of a layer. `None` where neither chip has a path for it, so that there is
/// nothing to compare.
#[must_use]
pub fn judge(subject: &Roofline, reference: &Roofline, parts: &[Part], region: Region) -> Option<Judgement> {
    if let Some(ratio) = speed(subject, reference, parts) {
        let verdict = region.place(ratio).map(|placement| Better::More.verdict(placement));
        return Some(match verdict {
            Some(verdict) => decided(Some(ratio), verdict),
            None => undecided(subject, reference, parts, region, ratio),
        });
    }
    let verdict = match (subject.seconds(parts), reference.seconds(parts)) {
        (None, Some(_)) => Verdict::Behind,
        (Some(_), None) => Verdict::Ahead,
        _ => return None,
    };
    Some(decided(None, verdict))
}

/// Judges one quantity that both chips have.
#[must_use]
pub fn judge_quantity(subject: Interval, reference: Interval, region: Region, better: Better) -> Judgement {
    let ratio = Ratio::new(subject, reference);
    if let Some(placement) = region.place(ratio) {
        return decided(Some(ratio), better.verdict(placement));
    }
    let sides = [
        (Side::Subject, subject, region.numerators(reference)),
        (Side::Reference, reference, region.denominators(subject)),
    ];
    let gaps = sides.into_iter().filter(|(_, known, _)| unbounded(*known));
    let needs = gaps.map(|(side, known, wanted)| Need {
        side,
        term: None,
        bound: match (side, better) {
            (Side::Subject, Better::More) | (Side::Reference, Better::Less) => at_least_first(known, wanted),
            (Side::Reference, Better::More) | (Side::Subject, Better::Less) => at_most_first(known, wanted),
        },
    });
    withheld(ratio, needs.collect())
}

const fn decided(ratio: Option<Ratio>, verdict: Verdict) -> Judgement {
    Judgement {
        ratio,
        verdict,
        needs: Vec::new(),
    }
}

fn withheld(ratio: Ratio, needs: Vec<Need>) -> Judgement {
    let verdict = if needs.is_empty() {
        Verdict::Open
    } else {
        Verdict::NotDecidable
    };
    Judgement {
        ratio: Some(ratio),
        verdict,
        needs,
    }
}

/// The subject's time must lie in an interval around the reference's, and the other way round; a rate reaches a time
/// if it does its share of the work in it.
fn undecided(subject: &Roofline, reference: &Roofline, parts: &[Part], region: Region, ratio: Ratio) -> Judgement {
    let gaps = [subject, reference].map(|chip| chip.gaps(parts));
    let need = |side, term, bound: fn(Interval, Interval) -> Bound| {
        let (chip, times) = match side {
            Side::Subject => (subject, region.denominators(ratio.numerator)),
            Side::Reference => (reference, region.numerators(ratio.denominator)),
        };
        // Where both chips miss the same figure, one is only as good as the other.
        let both = gaps.iter().all(|gaps| gaps.contains(&term));
        let bound = if both {
            Bound::Unknown
        } else {
            bound(known(chip, term), rate_for(amount(parts, term), times))
        };
        let term = Some(term);
        Need { side, term, bound }
    };
    let of_subject = gaps[0].iter().map(|term| need(Side::Subject, *term, at_least_first));
    let of_reference = gaps[1].iter().map(|term| need(Side::Reference, *term, at_most_first));
    withheld(ratio, of_subject.chain(of_reference).collect())
}

fn known(chip: &Roofline, term: Term) -> Interval {
    chip.rate(term).unwrap_or(Interval::UNKNOWN)
}

/// Operations of one format, or all bytes.
fn amount(parts: &[Part], term: Term) -> f64 {
    match term {
        Term::Memory => parts.iter().map(Part::all_bytes).sum(),
        Term::Peak(precision) => parts
            .iter()
            .filter(|part| part.precision == precision)
            .map(Part::all_operations)
            .sum(),
    }
}

/// The rates that do an amount in these times: the longest time bounds them from below.
fn rate_for(amount: f64, times: Interval) -> Interval {
    Interval::new(amount / times.high, amount / times.low)
}

/// The lower bound; the upper one where the lower is already known to hold.
fn at_least_first(known: Interval, wanted: Interval) -> Bound {
    if known.low < wanted.low {
        at_least(wanted.low)
    } else {
        at_most(wanted.high)
    }
}

/// The upper bound; the lower one where the upper is already known to hold.
fn at_most_first(known: Interval, wanted: Interval) -> Bound {
    if known.high > wanted.high {
        at_most(wanted.high)
    } else {
        at_least(wanted.low)
    }
}

fn at_least(value: f64) -> Bound {
    if value.is_finite() && value > 0.0 {
        Bound::AtLeast(value)
    } else {
        Bound::Unknown
    }
}

fn at_most(value: f64) -> Bound {
    if value.is_finite() && value > 0.0 {
        Bound::AtMost(value)
    } else {
        Bound::Unknown
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::roofline::Peak;
    use super::*;
    use crate::published::Precision;

    const TERA: f64 = 1e12;

    fn chip(name: &str, peak: Peak, memory: Interval) -> Roofline {
        Roofline {
            chip: name.to_owned(),
            peaks: BTreeMap::from([(Precision::Bf16, peak)]),
            memory,
        }
    }

    fn rate(tera: f64) -> Interval {
        Interval::point(tera * TERA)
    }

    fn h20() -> Roofline {
        chip("h20", Peak::Rate(rate(148.0)), rate(4.0))
    }

    /// Intensity in operations per byte.
    fn part(intensity: f64) -> [Part; 1] {
        [Part {
            precision: Some(Precision::Bf16),
            operations: intensity * 1e9,
            bytes: 1e9,
            count: 1.0,
        }]
    }

    fn against_h20(subject: &Roofline, intensity: f64) -> Judgement {
        judge(subject, &h20(), &part(intensity), Region::parity(0.1)).expect("a path")
    }

    #[test]
    fn an_unpublished_bandwidth_is_named_with_what_it_would_have_to_be() {
        let subject = chip("a", Peak::Rate(rate(148.0)), Interval::UNKNOWN);
        let judgement = against_h20(&subject, 1.0);
        assert_eq!(judgement.verdict, Verdict::NotDecidable);
        let [
            Need {
                side: Side::Subject,
                term: Some(Term::Memory),
                bound: Bound::AtLeast(bound),
            },
        ] = judgement.needs[..]
        else {
            panic!("{judgement:?}")
        };
        assert!((bound / 1e12 - 4.0 / 1.1).abs() < 1e-9, "{bound}");
    }

    #[test]
    fn a_floor_that_suffices_leaves_only_too_much_to_be_excluded() {
        let subject = chip("a", Peak::Rate(rate(200.0)), Interval::at_least(3.9e12));
        let judgement = against_h20(&subject, 1.0);
        let Bound::AtMost(bound) = judgement.needs[0].bound else {
            panic!("{judgement:?}")
        };
        assert!((bound / 1e12 - 4.4).abs() < 1e-9, "{bound}");
    }

    #[test]
    fn a_dispute_alone_is_open() {
        let subject = chip("a", Peak::Rate(Interval::new(130e12, 200e12)), rate(4.0));
        let judgement = against_h20(&subject, 1000.0);
        assert_eq!((judgement.verdict, judgement.needs.len()), (Verdict::Open, 0));
        assert_eq!(against_h20(&subject, 1.0).verdict, Verdict::OnPar);
    }

    #[test]
    fn a_missing_path_is_a_finding_and_two_are_nothing_to_compare() {
        let without = |name| chip(name, Peak::NoPath, Interval::UNKNOWN);
        assert_eq!(against_h20(&without("a"), 1.0).verdict, Verdict::Behind);
        let mirrored = judge(&h20(), &without("a"), &part(1.0), Region::parity(0.1));
        assert_eq!(mirrored.map(|judgement| judgement.verdict), Some(Verdict::Ahead));
        assert_eq!(
            judge(&without("a"), &without("b"), &part(1.0), Region::parity(0.1)),
            None
        );
    }

    #[test]
    fn a_chip_is_on_par_with_itself_whatever_is_known_of_it() {
        for peak in [Peak::NoPath, Peak::Rate(Interval::UNKNOWN)] {
            let one = chip("a", peak, Interval::UNKNOWN);
            let judgement = judge(&one, &one, &part(1.0), Region::one()).expect("one");
            assert_eq!((judgement.verdict, judgement.ratio), (Verdict::OnPar, Some(Ratio::ONE)));
        }
    }

    #[test]
    fn when_the_reference_is_the_unknown_one_its_figure_may_not_be_too_large() {
        let unknown = chip("a", Peak::Rate(rate(200.0)), Interval::UNKNOWN);
        let judgement = judge(&h20(), &unknown, &part(1.0), Region::parity(0.1)).expect("a path");
        let [
            Need {
                side: Side::Reference,
                bound: Bound::AtMost(bound),
                ..
            },
        ] = judgement.needs[..]
        else {
            panic!("{judgement:?}")
        };
        assert!((bound / 1e12 - 4.4).abs() < 1e-9, "{bound}");
        let both = judge(
            &chip("b", Peak::Rate(rate(1.0)), Interval::UNKNOWN),
            &unknown,
            &part(1e-3),
            Region::one(),
        );
        let bounds: Vec<_> = both.expect("a path").needs.iter().map(|need| need.bound).collect();
        assert_eq!(bounds, [Bound::Unknown, Bound::Unknown]);
    }

    #[test]
    fn less_power_is_better() {
        let judge = |subject, reference| judge_quantity(subject, reference, Region::parity(0.1), Better::Less);
        let point = Interval::point;
        assert_eq!(judge(point(300.0), point(400.0)).verdict, Verdict::Ahead);
        assert_eq!(judge(point(400.0), Interval::new(400.0, 550.0)).verdict, Verdict::Open);
        let unknown = judge(Interval::UNKNOWN, point(400.0));
        assert_eq!(unknown.verdict, Verdict::NotDecidable);
        assert!(matches!(unknown.needs[0].bound, Bound::AtMost(_)));
    }
}
