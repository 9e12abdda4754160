//! The page of a comparison: the verdict, the ratios, what was refused and why.

use super::page::{Block, Cell, Column, Figure, Page, Part, Row, Section, Sentence, Table};
use crate::compare::{Compared, Comparison, Origin, Refused};
use crate::error::Result;
use crate::judge::{Fraction, Lean, Verdict};
use crate::report::compare::{
    NAMES, SCOPE, difference, estimate, interval, percent, picture, runs, side, verdict, warnings,
};
use crate::report::{interval_in, words};

/// Two measured sides, case by case.
///
/// # Errors
/// If the drawing library refuses the picture.
pub fn comparison_page(comparison: &Comparison) -> Result<Page> {
    let chart = picture(comparison);
    let figure = Figure::of_drawing("compare-ratios-chart".to_owned(), &chart.draw(), &chart.numbers())?;
    let mut sections = vec![
        sides(comparison),
        Section {
            id: "ratios",
            title: "Speed of A over that of B".to_owned(),
            blocks: vec![Block::Figure(figure)],
        },
        cases(comparison),
    ];
    sections.extend(refused(comparison));
    let sentence = |text: String| Sentence { chip: None, text };
    Ok(Page {
        title: "Comparison · onpar".to_owned(),
        chips: Vec::new(),
        parts: vec![Part {
            id: "compare".to_owned(),
            heading: "Are two devices on par?".to_owned(),
            subtitle: SCOPE.to_owned(),
            banner: banner(comparison),
            lead: lead(comparison).into_iter().map(sentence).collect(),
            sections,
        }],
    })
}

/// What must be known first where a side is no accelerator.
fn banner(comparison: &Comparison) -> Option<String> {
    let sides = NAMES.into_iter().zip(&comparison.sides);
    let mut software = sides.filter_map(|(name, side)| match &side.origin {
        Origin::Session(header) => Some((name, words::software(&header.facts.identity)?)),
        Origin::Table { .. } => None,
    });
    let (name, said) = software.next()?;
    match software.next() {
        Some(_) => Some(format!("Both sides. {said}")),
        None => Some(format!("Side {name}. {said}")),
    }
}

fn lead(comparison: &Comparison) -> Vec<String> {
    let count = |wanted| {
        comparison
            .cases
            .iter()
            .filter(|case| case.finding.verdict == wanted)
            .count()
    };
    let verdicts = [Verdict::Ahead, Verdict::OnPar, Verdict::Behind, Verdict::Inconclusive];
    let counts = verdicts.map(|wanted| (count(wanted), verdict(wanted)));
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mean = comparison.all.finding.as_ref().map_or_else(
        || "No case is in all runs of both sides, so there is no mean of all.".to_owned(),
        |finding| {
            let ratio = estimate(finding);
            let ends = finding
                .interval
                .map_or_else(String::new, |_| format!(", interval {}", interval(finding)));
            format!("The geometric mean of the ratios is {ratio}{ends}.")
        },
    );
    let rule = comparison.rule;
    vec![
        format!(
            "A against B: {}; {}.",
            verdict(comparison.verdict),
            match &counts[..] {
                [] => "no case could be compared".to_owned(),
                counts => format!("of the cases {}", counts.join(", ")),
            }
        ),
        format!(
            "{mean} With a margin of {} a ratio of {} is on par.",
            percent(rule.margin),
            interval_in(rule.region().ends(), 1.0)
        ),
    ]
}

fn sides(comparison: &Comparison) -> Section {
    let facts = NAMES.into_iter().zip(comparison.sides.iter().map(side));
    let mut blocks = vec![Block::Facts(facts.collect())];
    let differences: Vec<String> = comparison.differences.iter().map(difference).collect();
    if !differences.is_empty() {
        blocks.push(Block::Text("Besides the chip differ (A | B):".to_owned()));
        blocks.push(Block::List(differences));
    }
    let warnings = warnings(comparison);
    if !warnings.is_empty() {
        blocks.push(Block::List(warnings));
    }
    Section {
        id: "sides",
        title: "The two sides".to_owned(),
        blocks,
    }
}

fn cases(comparison: &Comparison) -> Section {
    let table = Table {
        id: "compare-cases".to_owned(),
        caption:
            "Leans: a test against a ratio of exactly 1, at 5 % on either side; a hint, no verdict. Next look: runs a \
                  side at which it may be decided."
                .to_owned(),
        columns: vec![
            Column::text("case"),
            Column::number("ratio", "speed of A over that of B"),
            Column::number("interval", "of the ratio"),
            Column::number("runs", "a side"),
            Column::text("verdict"),
            Column::text("leans"),
            Column::text("next look"),
        ],
        rows: comparison.cases.iter().map(row).collect(),
        kinds: [Verdict::Ahead, Verdict::OnPar, Verdict::Behind, Verdict::Inconclusive]
            .map(|one| (one.word(), verdict(one)))
            .to_vec(),
    };
    Section {
        id: "cases",
        title: "Case by case".to_owned(),
        blocks: vec![Block::Table(table)],
    }
}

fn row(
    Compared {
        case,
        finding,
        runs: counts,
        ..
    }: &Compared,
) -> Row {
    let low = |(low, _): (Fraction, Fraction)| low.value();
    let leans = match finding.leans {
        Lean::None => "",
        lean => lean.word(),
    };
    let next = match finding.verdict {
        Verdict::Inconclusive => finding
            .next_look
            .map_or_else(|| "none left".to_owned(), |next| next.to_string()),
        _ => String::new(),
    };
    Row {
        id: String::new(),
        kinds: finding.verdict.word().to_owned(),
        cells: vec![
            case.as_str().into(),
            Cell::number(estimate(finding), finding.ratio.map(Fraction::value)),
            Cell::number(interval(finding), finding.interval.map(low)),
            runs(*counts).into(),
            verdict(finding.verdict).into(),
            leans.into(),
            next.into(),
        ],
    }
}

/// None where every case of both sides was compared.
fn refused(comparison: &Comparison) -> Option<Section> {
    let row = |Refused { case, side, refusal }: &Refused| Row::of([case.as_str(), NAMES[*side], &refusal.to_string()]);
    let mut rows: Vec<Row> = comparison.refused.iter().map(row).collect();
    for (name, cases) in NAMES.iter().zip(&comparison.only) {
        rows.extend(
            cases
                .iter()
                .map(|case| Row::of([case.as_str(), name, "only on this side"])),
        );
    }
    (!rows.is_empty()).then(|| Section {
        id: "refused",
        title: "What is not compared".to_owned(),
        blocks: vec![Block::Table(Table {
            id: "compare-refused".to_owned(),
            caption: "Refused, or only on one side.".to_owned(),
            columns: ["case", "side", "why"].map(Column::text).to_vec(),
            rows,
            kinds: Vec::new(),
        })],
    })
}
