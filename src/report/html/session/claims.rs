//! The claims of parity that concern this chip; of a device that no claim is about, those about the reference chips.

use super::sources;
use crate::audit::{Auditor, ClaimAudit};
use crate::normalise::{REFERENCES, Scores};
use crate::published::{Claim, Published};
use crate::report::audit::{claim_verdict, relation};
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table};

/// As `onpar audit` has it where nothing else is said.
const MARGIN: f64 = 0.1;

/// None where there is no such claim.
pub(super) fn section(part: &str, scores: &Scores, published: &Published) -> Option<Section> {
    let (intro, claims) = concerning(scores, published);
    (!claims.is_empty()).then(|| Section {
        id: "claims",
        title: "Claims of parity".to_owned(),
        blocks: vec![Block::Text(intro), Block::Table(table(part, &claims, published))],
    })
}

/// Why these claims, and which.
pub(super) fn concerning<'p>(scores: &Scores, published: &'p Published) -> (String, Vec<&'p Claim>) {
    let own = scores.own_chip.as_deref();
    let of_own: Vec<&Claim> = own.into_iter().flat_map(|own| published.claims_of(own)).collect();
    let intro = match own {
        Some(own) if !of_own.is_empty() => {
            return (format!("What is claimed of {own}, and what published figures make of it."), of_own);
        }
        Some(own) => format!("No claim is about {own}. {ABOUT_REFERENCES}"),
        None => format!("No claim is about this device: its name is not that of a published chip. {ABOUT_REFERENCES}"),
    };
    let sides = |claim: &Claim| [claim.subject.clone(), claim.reference.clone()].into_iter().flatten();
    let about = |claim: &&Claim| sides(claim).any(|side| REFERENCES.iter().any(|reference| reference.chip == side));
    (intro, published.claims.iter().filter(about).collect())
}

const ABOUT_REFERENCES: &str = "What is claimed of the reference chips, held against published figures; nothing measured \
                                here bears on it.";

fn table(part: &str, claims: &[&Claim], published: &Published) -> Table {
    let auditor = Auditor::new(published);
    Table {
        id: format!("{part}-claims-table"),
        caption: "Margin 10 %. onpar audit CLAIM has the figures behind a verdict, and what would have to be true.".to_owned(),
        columns: ["claim", "says", "verdict", "by", "source"].map(Column::text).to_vec(),
        rows: claims.iter().map(|claim| row(part, &auditor.claim(claim, MARGIN))).collect(),
        kinds: Vec::new(),
    }
}

fn row(part: &str, audited: &ClaimAudit<'_>) -> Row {
    let claim = audited.claim;
    let side = |chip: &Option<String>| chip.clone().unwrap_or_else(|| "(unnamed)".to_owned());
    let says = format!("{} {} {}, {}", side(&claim.subject), relation(claim), side(&claim.reference), claim.scope.word());
    Row::of([
        Cell::noted(&claim.id, &claim.date),
        Cell::noted(&says, &claim.paraphrase),
        Cell::noted(claim_verdict(audited.verdict), &claim.why_not_testable),
        Cell::noted(&claim.claimant, claim.claimant_class.word()),
        Cell::leading(&claim.source, Some(sources::place(part, &claim.source))),
    ])
}
