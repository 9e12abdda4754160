//! The claims of parity that concern this chip; of a device that no claim is about, those about the reference chips.

use super::sources;
use crate::audit::{Auditor, ClaimAudit};
use crate::normalise::{REFERENCES, Scores};
use crate::published::{Claim, Published};
use crate::report::audit::{claim_verdict, named, relation};
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table};

/// As `onpar audit` has it where nothing else is said.
const MARGIN: f64 = 0.1;

/// The claims that a page tells of.
pub(super) struct Concerning<'p> {
    /// Why these.
    intro: String,
    /// Whether they are about the chip that was measured.
    is_own: bool,
    pub(super) claims: Vec<&'p Claim>,
}

/// None where there is no such claim.
pub(super) fn section(part: &str, scores: &Scores, published: &Published) -> Option<Section> {
    let Concerning { intro, is_own, claims } = concerning(scores, published);
    let table = table(part, &claims, published);
    let block = if is_own {
        Block::Table(table)
    } else {
        Block::Folded(table)
    };
    (!claims.is_empty()).then(|| Section {
        id: "claims",
        title: "Claims of parity".to_owned(),
        blocks: vec![Block::Text(intro), block],
    })
}

/// Those that name this chip, or else the reference chips.
pub(super) fn concerning<'p>(scores: &Scores, published: &'p Published) -> Concerning<'p> {
    let own = scores.own_chip.as_deref();
    let claims: Vec<&Claim> = own.into_iter().flat_map(|own| published.claims_of(own)).collect();
    if let (Some(own), false) = (own, claims.is_empty()) {
        return Concerning {
            intro: format!("What is claimed of {own}, and what published figures make of it."),
            is_own: true,
            claims,
        };
    }
    let sides = |claim: &Claim| [claim.subject.clone(), claim.reference.clone()].into_iter().flatten();
    let about = |claim: &&Claim| sides(claim).any(|side| REFERENCES.iter().any(|reference| reference.chip == side));
    let why = own.map_or_else(
        || "No claim is about this device: its name is not that of a published chip.".to_owned(),
        |own| format!("No claim is about {own}."),
    );
    Concerning {
        intro: format!("{why} {ABOUT_REFERENCES}"),
        is_own: false,
        claims: published.claims.iter().filter(about).collect(),
    }
}

const ABOUT_REFERENCES: &str = "What is claimed of the reference chips, held against published figures; nothing measured \
                                here bears on it.";

fn table(part: &str, claims: &[&Claim], published: &Published) -> Table {
    let auditor = Auditor::new(published);
    Table {
        id: format!("{part}-claims-table"),
        caption: format!(
            "{} claims, at a margin of 10 %; onpar audit CLAIM has the figures behind a verdict, and what would have to be true",
            claims.len()
        ),
        columns: ["claim", "says", "verdict", "by", "source"].map(Column::text).to_vec(),
        rows: claims
            .iter()
            .map(|claim| row(part, &auditor.claim(claim, MARGIN)))
            .collect(),
        kinds: Vec::new(),
    }
}

fn row(part: &str, audited: &ClaimAudit<'_>) -> Row {
    let claim = audited.claim;
    let says = format!(
        "{} {} {}, {}",
        named(&claim.subject),
        relation(claim),
        named(&claim.reference),
        claim.scope.word()
    );
    Row::of([
        Cell::noted(&claim.id, &claim.date),
        Cell::noted(&says, &claim.paraphrase),
        Cell::noted(claim_verdict(audited.verdict), &claim.why_not_testable),
        Cell::noted(&claim.claimant, claim.claimant_class.word()),
        Cell::leading(&claim.source, Some(sources::place(part, &claim.source))),
    ])
}
