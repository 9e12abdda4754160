//! One chip: every figure with its standing and its source.

use super::{WIDTH, label, value};
use crate::published::{
    Basis, Caveat, Cell, CellKey, Chip, Claim, Figure, Origin, Published, Standing, State, Support, Unpublished,
};
use crate::report::audit::named;
use crate::report::{in_columns, interval, wrap};

/// A chip's resolved cells, the figures behind them, the rejected ones with the reason, what is documented about its
/// paths, what was searched for, and the claims that name it.
#[must_use]
pub fn show(published: &Published, chip: &Chip) -> String {
    let (rejected, kept): (Vec<_>, Vec<_>) = published
        .figures_of(&chip.id)
        .partition(|figure| figure.standing == Standing::Rejected);
    let mut out = heading(chip);
    section(&mut out, "Cells", &[cells(&published.cells(&chip.id))]);
    section(&mut out, "Figures", &figures(published, &kept));
    section(&mut out, "Rejected figures", &figures(published, &rejected));
    let paths: Vec<_> = published.support_of(&chip.id).map(|row| path(published, row)).collect();
    section(&mut out, "Documented paths", &paths);
    let searches: Vec<_> = published.unpublished_of(&chip.id).map(search).collect();
    section(&mut out, "Searched for and not found", &searches);
    let claims: Vec<_> = published.claims_of(&chip.id).map(|row| claim(published, row)).collect();
    section(&mut out, "Claims that name it", &claims);
    out
}

fn section(out: &mut String, title: &str, paragraphs: &[String]) {
    if paragraphs.iter().any(|text| !text.is_empty()) {
        out.push_str(&format!("\n{title}\n\n"));
        paragraphs.iter().for_each(|text| out.push_str(text));
    }
}

fn heading(chip: &Chip) -> String {
    let variant = Some(chip.variant.as_str()).filter(|text| !text.is_empty());
    let name: Vec<_> = [chip.vendor.as_str(), &chip.name].into_iter().chain(variant).collect();
    let announced = match chip.announced.as_str() {
        "" => String::new(),
        month => format!(", announced {month}"),
    };
    let mut out = format!("{}\n", chip.id);
    out.push_str(&wrap(&name.join(", "), WIDTH, 2));
    out.push_str(&format!(
        "  made in {}, {}{announced}{}\n",
        chip.maker_country,
        chip.status,
        own(chip.location.origin())
    ));
    if let Some(pattern) = &chip.adapter_match {
        out.push_str(&format!("  adapter name matches {pattern}\n"));
    }
    out.push_str(&wrap(&chip.notes, WIDTH, 2));
    out
}

/// Marks what does not come with the program.
fn own(origin: Origin) -> &'static str {
    match origin {
        Origin::Embedded => "",
        Origin::User => ", from your own data",
    }
}

/// The table of cells, and what its marks mean if it has any.
fn cells(cells: &[Cell<'_>]) -> String {
    let rows: Vec<_> = cells.iter().map(cell_row).collect();
    let mut out = in_columns(&rows, 2);
    if cells.iter().any(|cell| cell.caveats().contains(&Caveat::Derived)) {
        out.push_str(&format!("\n  * {}\n", Caveat::Derived));
    }
    out
}

fn cell_row(cell: &Cell<'_>) -> Vec<String> {
    vec![label(cell.key), value(cell), standing(cell)]
}

/// How the cell stands, and what no source says of it.
pub(in crate::report) fn standing(cell: &Cell<'_>) -> String {
    let state = match cell.state {
        State::Settled => "settled",
        State::Disputed => "disputed",
        State::AtLeast => "floor only",
        State::AtMost => "ceiling only",
        State::Unsupported => "no such path",
        State::Unpublished => "unpublished",
    };
    let caveats = cell.caveats();
    let unstated = [
        (Caveat::EngineUnstated, "engine"),
        (Caveat::SparsityUnstated, "sparsity"),
    ];
    let unstated: Vec<_> = unstated
        .into_iter()
        .filter_map(|(caveat, word)| caveats.contains(&caveat).then_some(word))
        .collect();
    match unstated.as_slice() {
        [] => state.to_owned(),
        words => format!("{state}; {} unstated", words.join("/")),
    }
}

/// Figures under the name of their cell.
fn figures(published: &Published, figures: &[&Figure]) -> Vec<String> {
    let mut sorted = figures.to_vec();
    sorted.sort_by_key(|figure| CellKey::of_figure(figure));
    let mut last = None;
    sorted
        .into_iter()
        .map(|row| {
            let key = CellKey::of_figure(row);
            let head = if last.replace(key) == Some(key) {
                String::new()
            } else {
                format!("  {}\n", label(key))
            };
            format!("{head}{}", figure(published, row))
        })
        .collect()
}

fn figure(published: &Published, row: &Figure) -> String {
    let value = interval(row.interval(), row.metric.unit());
    let basis = match row.basis {
        Basis::Derived => "derived".to_owned(),
        of => format!("per {of}"),
    };
    let engine = row.engine.map(|engine| format!(", engine {engine}"));
    let sparsity = row.sparsity.map(|sparsity| format!(", sparsity {sparsity}"));
    let head = format!(
        "{value}: {}, {basis}{}{}{}",
        row.standing,
        engine.unwrap_or_default(),
        sparsity.unwrap_or_default(),
        own(row.location.origin())
    );
    [
        wrap(&head, WIDTH, 4),
        source(published, &row.source),
        wrap(&row.note, WIDTH, 6),
    ]
    .concat()
}

/// Publisher, class, date and address of a source.
fn source(published: &Published, id: &str) -> String {
    let Some(source) = published.source(id) else {
        return String::new();
    };
    let date = match source.date.as_str() {
        "" => "no date",
        date => date,
    };
    let line = format!("{}; {}, {date} [{id}]", source.publisher, source.class);
    format!("{}{}", wrap(&line, WIDTH, 6), wrap(&source.url, WIDTH, 6))
}

fn path(published: &Published, row: &Support) -> String {
    let presence = if row.supported { "present" } else { "absent" };
    let line = format!("{} {}: {presence}. {}", row.precision, row.engine, row.note);
    format!("{}{}", wrap(&line, WIDTH, 4), source(published, &row.source))
}

fn search(row: &Unpublished) -> String {
    let precision = row
        .precision
        .map(|precision| format!(" {precision}"))
        .unwrap_or_default();
    let what = row.sought.word().replace('_', " ");
    wrap(&format!("{what}{precision}: {}", row.note), WIDTH, 4)
}

fn claim(published: &Published, row: &Claim) -> String {
    let head = format!(
        "{}: {} {} {} ({})",
        row.id,
        named(&row.subject),
        row.relation.word().replace('_', " "),
        named(&row.reference),
        row.scope
    );
    let said = format!("{} Said by {} ({}).", row.paraphrase, row.claimant, row.claimant_class);
    format!(
        "{}{}{}",
        wrap(&head, WIDTH, 4),
        wrap(&said, WIDTH, 6),
        source(published, &row.source)
    )
}
