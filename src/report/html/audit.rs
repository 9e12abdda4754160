//! The page of an audit: the verdict, what would have to be true, the rooflines, the figures with their sources.

use super::page::{Block, Cell, Column, Figure, Page, Part, Row, Section, Sentence, Table, address};
use crate::audit::{Audit, ClaimAudit, ClaimVerdict};
use crate::error::Result;
use crate::published::{Published, Source};
use crate::report::audit::{
    Line, NeedLine, References, asked_region, claim_verdict, explain, lines, margin, name, named, needs, own, picture,
    relation,
};

/// The audit of a claim.
///
/// # Errors
/// If the drawing library refuses the picture.
pub fn claim_page(published: &Published, audited: &ClaimAudit<'_>, explained: bool) -> Result<Page> {
    let claim = audited.claim;
    let verdict = claim_verdict(audited.verdict);
    let mut lead = vec![format!("{}: {verdict}.", claim.paraphrase.trim_end_matches('.'))];
    if !claim.why_not_testable.is_empty() {
        lead.push(claim.why_not_testable.clone());
    }
    let sections = match &audited.audit {
        Some(audit) => sections(published, audit, explained)?,
        None => vec![Section {
            id: "figures",
            title: "The figures".to_owned(),
            blocks: vec![Block::Text("No figures are compared.".to_owned())],
        }],
    };
    let date = if claim.date.is_empty() {
        String::new()
    } else {
        format!(", {}", claim.date)
    };
    Ok(page(
        format!("{}{}", claim.id, own(claim.location.origin())),
        format!(
            "Said by {} ({}){date}; source {}",
            claim.claimant, claim.claimant_class, claim.source
        ),
        lead,
        sections,
    ))
}

/// The audit of two chips that nobody made a claim about.
///
/// # Errors
/// If the drawing library refuses the picture.
pub fn pair_page(published: &Published, audit: &Audit<'_>, explained: bool) -> Result<Page> {
    let [subject, reference] = [&audit.subject, &audit.reference].map(name);
    Ok(page(
        format!("{subject} against {reference}"),
        "What published figures allow of each".to_owned(),
        vec![format!("{}.", summary(audit))],
        sections(published, audit, explained)?,
    ))
}

/// All claims, a row each.
#[must_use]
pub fn claims_page(published: &Published, audited: &[ClaimAudit<'_>], share: f64) -> Page {
    let row = |audited: &ClaimAudit<'_>| {
        let claim = audited.claim;
        Row {
            id: String::new(),
            kinds: claim_verdict(audited.verdict).replace(' ', "-"),
            cells: vec![
                Cell::noted(&claim.id, &claim.date),
                named(&claim.subject).into(),
                relation(claim).into(),
                named(&claim.reference).into(),
                claim.scope.word().into(),
                Cell::noted(claim_verdict(audited.verdict), &claim.why_not_testable),
                source(published, &claim.source),
            ],
        }
    };
    let columns = ["claim", "subject", "says", "reference", "scope", "verdict", "source"];
    let table = Table {
        id: "claims-table".to_owned(),
        caption: format!(
            "Margin {}. onpar audit CLAIM --html has the figures behind one.",
            margin(share)
        ),
        columns: columns.map(Column::text).to_vec(),
        rows: audited.iter().map(row).collect(),
        kinds: vec![
            ("supported", "supported"),
            ("contradicted", "contradicted"),
            ("open", "open"),
            ("not-testable-as-worded", "not testable as worded"),
        ],
    };
    let section = Section {
        id: "claims",
        title: "Claims".to_owned(),
        blocks: vec![Block::Table(table)],
    };
    page(
        "Claims of parity, held against published figures".to_owned(),
        String::new(),
        vec![overall(audited)],
        vec![section],
    )
}

/// Of how many claims came what.
fn overall(audited: &[ClaimAudit<'_>]) -> String {
    let count = |wanted| audited.iter().filter(|one| one.verdict == wanted).count();
    let verdicts = [
        Some(ClaimVerdict::Supported),
        Some(ClaimVerdict::Contradicted),
        Some(ClaimVerdict::Open),
        Some(ClaimVerdict::NotTestableAsWorded),
        None,
    ];
    let counts = verdicts.map(|verdict| (count(verdict), claim_verdict(verdict)));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    format!(
        "Of {} claims of parity, held against published figures: {}.",
        audited.len(),
        counts.join(", ")
    )
}

fn page(heading: String, subtitle: String, lead: Vec<String>, sections: Vec<Section>) -> Page {
    let sentence = |text| Sentence { chip: None, text };
    Page {
        title: format!("{heading} · onpar audit"),
        chips: Vec::new(),
        parts: vec![Part {
            id: "audit".to_owned(),
            heading,
            subtitle,
            banner: None,
            lead: lead.into_iter().map(sentence).collect(),
            sections,
        }],
    }
}

fn sections(published: &Published, audit: &Audit<'_>, explained: bool) -> Result<Vec<Section>> {
    let mut references = References::default();
    let chart = picture(audit);
    let figure = Figure::of_drawing("audit-roofline-chart".to_owned(), &chart.draw(), &chart.numbers())?;
    let mut sections = vec![verdicts(audit)];
    sections.extend(wanted(published, audit));
    sections.push(Section {
        id: "roofline",
        title: "Rooflines".to_owned(),
        blocks: vec![Block::Figure(figure)],
    });
    sections.push(Section {
        id: "figures",
        title: "The figures and their sources".to_owned(),
        blocks: vec![
            Block::Table(figures(&mut references, audit)),
            Block::Table(sources(&references, published)),
        ],
    });
    if explained {
        sections.push(Section {
            id: "arithmetic",
            title: "The arithmetic".to_owned(),
            blocks: vec![Block::Code(explain(audit))],
        });
    }
    Ok(sections)
}

/// Of how many comparisons came what.
fn summary(audit: &Audit<'_>) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for line in lines(audit) {
        match counts.iter_mut().find(|(verdict, _)| *verdict == line.verdict) {
            Some((_, count)) => *count += line.precisions.len().max(1),
            None => counts.push((line.verdict, line.precisions.len().max(1))),
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(verdict, count)| format!("{count} {verdict}"))
        .collect();
    format!("Published figures say: {}", counts.join(", "))
}

fn verdicts(audit: &Audit<'_>) -> Section {
    let row = |line: &Line| {
        Row::of([
            line.scope.as_str(),
            &line.precisions.join(", "),
            line.verdict,
            &line.ratio,
            &line.detail,
        ])
    };
    Section {
        id: "verdicts",
        title: "Scope by scope".to_owned(),
        blocks: vec![
            Block::Text(format!("Published figures say, {}.", asked_region(audit))),
            Block::Table(Table {
                id: "audit-scopes".to_owned(),
                caption:
                    "Every ratio is the speed (or figure) of the first over that of the second: - unknown, ? rests on \
                          figures in dispute, * derived by arithmetic and deciding nothing. Less power is ahead."
                        .to_owned(),
                columns: ["scope", "precisions", "verdict", "ratio", "because"]
                    .map(Column::text)
                    .to_vec(),
                rows: lines(audit).iter().map(row).collect(),
                kinds: Vec::new(),
            }),
        ],
    }
}

/// None where nothing is missing.
fn wanted(published: &Published, audit: &Audit<'_>) -> Option<Section> {
    let point = |line: &NeedLine| {
        let kin = line
            .kin
            .iter()
            .map(|other| format!(" Another part, which decides nothing here: {other}."));
        let scopes = line.scopes.join(", ");
        format!(
            "{}: {}. For {scopes}.{}",
            line.figure,
            line.asked,
            kin.collect::<String>()
        )
    };
    let points: Vec<String> = needs(published, audit).iter().map(point).collect();
    (!points.is_empty()).then(|| Section {
        id: "needs",
        title: "What would have to be true".to_owned(),
        blocks: vec![Block::List(points)],
    })
}

fn figures<'p>(references: &mut References<'p>, audit: &Audit<'p>) -> Table {
    let rows = references.figures(audit).into_iter().flat_map(|(chip, figures)| {
        figures.into_iter().map(move |figure| {
            Row::of([
                chip.as_str().into(),
                figure.key.into(),
                figure.value.into(),
                cited(&figure.sources),
                figure.standing.into(),
            ])
        })
    });
    Table {
        id: "audit-figures-table".to_owned(),
        caption: "What both chips are held by.".to_owned(),
        rows: rows.collect(),
        columns: ["chip", "figure", "value", "sources", "standing"]
            .map(Column::text)
            .to_vec(),
        kinds: Vec::new(),
    }
}

/// The numbers of sources, each leading to where it is told of.
fn cited(numbers: &[usize]) -> Cell {
    let leading = |number| (format!("[{number}]"), Some(format!("#audit-source-{number}")));
    Cell::listing(numbers.iter().map(leading).collect())
}

fn sources(references: &References<'_>, published: &Published) -> Table {
    let row = |(number, source): (usize, &Source)| Row {
        id: format!("audit-source-{number}"),
        ..Row::of([
            Cell::number(format!("[{number}]"), Some(number as f64)),
            Cell::leading(&source.id, address(&source.url)),
            Cell::noted(&source.title, &source.url),
            source.publisher.as_str().into(),
            source.date.as_str().into(),
            source.class.word().into(),
        ])
    };
    Table {
        id: "audit-sources".to_owned(),
        caption: "Where they are printed.".to_owned(),
        columns: ["number", "source", "title", "publisher", "date", "kind"]
            .map(Column::text)
            .to_vec(),
        rows: references.cited(published).map(row).collect(),
        kinds: Vec::new(),
    }
}

fn source(published: &Published, id: &str) -> Cell {
    let found = published.source(id);
    Cell::leading(id, found.and_then(|source| address(&source.url)))
}
