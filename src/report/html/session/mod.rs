//! The page of a session: the finding, what was measured on what, pictures, rows, samples, claims, what went wrong and
//! what to do, sources. In that order, because that is the order of a reader's questions.

mod claims;
mod finding;
mod measured;
mod method;
mod results;
mod samples;
mod sources;
mod trouble;

use super::page::{Block, Figure, Page, Part, Section};
use crate::error::Result;
use crate::normalise::{REFERENCES, Scores};
use crate::published::Published;
use crate::record::{Header, Session};
use crate::report::pictures::Picture;
use crate::report::text::cut;
use crate::report::words;

/// A session with everything that follows from it.
#[derive(Clone, Copy)]
pub struct Reported<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its scores.
    pub scores: &'a Scores,
    /// Its pictures.
    pub pictures: &'a [Picture],
}

/// A page of one session or several, one after the other.
///
/// # Errors
/// If the drawing library refuses a picture.
pub fn sessions_page(reported: &[Reported<'_>], published: &Published) -> Result<Page> {
    let parts = reported.iter().enumerate();
    let parts: Vec<Part> = parts
        .map(|(place, one)| part(&format!("s{}", place + 1), *one, published))
        .collect::<Result<_>>()?;
    let title = match &parts[..] {
        [one] => format!("{} · onpar", one.heading),
        _ => format!("{} sessions · onpar", parts.len()),
    };
    Ok(Page {
        title,
        chips: REFERENCES.iter().map(|reference| reference.name.to_owned()).collect(),
        parts,
    })
}

/// Longer names are cut in headings.
const LONGEST_NAME: usize = 160;

fn part(id: &str, reported: Reported<'_>, published: &Published) -> Result<Part> {
    let Reported { session, scores, .. } = reported;
    let header = &session.header;
    let identity = &header.facts.identity;
    Ok(Part {
        id: id.to_owned(),
        heading: cut(&identity.adapter, LONGEST_NAME),
        subtitle: cut(&subtitle(header), 3 * LONGEST_NAME),
        banner: banner(header),
        lead: finding::sentences(scores),
        sections: sections(id, reported, published)?,
    })
}

fn subtitle(header: &Header) -> String {
    let identity = &header.facts.identity;
    format!(
        "Suite {}, measured {} with onpar {}; {}, {} {}",
        header.options.suite,
        header.started.strftime("%-d %B %Y, %H:%M UTC"),
        identity.onpar,
        identity.backend,
        identity.driver,
        identity.driver_version
    )
}

/// What must be known first of a device that is none, and of numbers that nobody proved.
fn banner(header: &Header) -> Option<String> {
    if header.provenance == crate::record::Provenance::External {
        Some(format!(
            "Imported and UNPROVED: {}.",
            cut(&words::device(header), 3 * LONGEST_NAME)
        ))
    } else {
        words::software(&header.facts.identity)
    }
}

fn sections(id: &str, reported: Reported<'_>, published: &Published) -> Result<Vec<Section>> {
    let Reported { session, scores, .. } = reported;
    let mut sections = vec![measured::section(session, scores)];
    for (name, title, intro) in PICTURES {
        let Some(picture) = reported.pictures.iter().find(|picture| picture.name == name) else {
            continue;
        };
        let mut blocks = vec![
            Block::Text(intro.to_owned()),
            Block::Figure(Figure::of_picture(id, picture)?),
        ];
        if name == "rates" {
            blocks.extend(measured::elsewhere(id, scores));
        }
        sections.push(Section {
            id: name,
            title: title.to_owned(),
            blocks,
        });
    }
    sections.push(results::section(id, scores));
    sections.extend(samples::section(id, session, scores));
    sections.extend(claims::section(id, scores, published));
    sections.push(trouble::section(id, session, scores));
    sections.push(method::section(scores));
    sections.push(sources::section(id, scores, published));
    Ok(sections)
}

/// Pictures by their names, in the order of the page, with what each is for.
const PICTURES: [(&str, &str, &str); 4] = [
    (
        "rates",
        "Beside published figures",
        "What this device did, beside the peaks that others printed of the reference chips. Where nothing is published, the \
         chart says so instead of showing a bar.",
    ),
    (
        "roofline",
        "Roofline",
        "Work by how many operations it does for each byte: a mark far below the green roof is a kernel or a compiler that \
         leaves something, a mark on the roof is as fast as this device goes.",
    ),
    (
        "working-set",
        "By working set",
        "Bandwidth and latency against how much memory is touched: where a curve falls, a cache ends.",
    ),
    (
        "sweeps",
        "Sweeps",
        "The same work at growing sizes: where the rate settles, the size stops mattering.",
    ),
];
