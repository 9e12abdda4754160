//! Pages as HTML, by templates whose every text is escaped.

use std::fmt::Write as _;

use askama::Template;
use sha2::{Digest as _, Sha256};

use super::page::{Block, Page};
use crate::error::{Error, Result};
use crate::normalise::REFERENCES;
use crate::report::plot::{ChartColor, chart_colors, chip_colors};
use crate::report::text::inert_lines;

const STYLE: &str = include_str!("../../../templates/page.css");
const SCRIPT: &str = include_str!("../../../templates/page.js");

#[derive(Template)]
#[template(path = "body.html", whitespace = "minimize")]
struct Body<'p> {
    page: &'p Page,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Frame<'p> {
    title: &'p str,
    nonce: &'p str,
    style: &'p str,
    script: &'p str,
    body: &'p str,
}

/// The HTML of a page, the same every time.
///
/// # Errors
/// Only if the template engine refuses the page.
pub fn render(page: &Page) -> Result<String> {
    let body = rendered(&Body { page })?;
    // Control characters, and marks that turn the direction of writing, would get past escaping.
    let body = inert_lines(&body);
    let title = inert_lines(&page.title);
    rendered(&Frame {
        title: &title,
        nonce: &nonce(&body),
        style: &format!("{STYLE}{}", chart_style()),
        script: SCRIPT,
        body: &body,
    })
}

fn rendered(template: &impl Template) -> Result<String> {
    let refused = |cause: askama::Error| Error::io("the page", "cannot render", std::io::Error::other(cause));
    template.render().map_err(refused)
}

/// What style and script are admitted by. It follows from everything on the page, so nothing on the page can know it.
fn nonce(body: &str) -> String {
    let digest = Sha256::digest(body);
    digest.iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a dark page shows in the place of the colours that the charts are painted in, and which of them step back where a
/// reader has chosen one chip. A rule goes before an attribute.
fn chart_style() -> String {
    let rule = |ChartColor { light, dark }: ChartColor| {
        ["fill", "stroke"].map(|of| format!(".chart [{of}=\"{light}\"] {{ {of}: light-dark({light}, {dark}); }}\n"))
    };
    let colors = chart_colors().into_iter().flat_map(rule);
    let pairs = (0..REFERENCES.len()).flat_map(|chosen| (0..REFERENCES.len()).map(move |other| (chosen, other)));
    let others = pairs.filter(|(chosen, other)| chosen != other);
    colors
        .chain(others.flat_map(|(chosen, other)| stepping_back(chosen, REFERENCES[other].chip)))
        .collect()
}

fn stepping_back(chosen: usize, other: &str) -> Vec<String> {
    let rule = |color: String| {
        format!(
            ":root[data-chip=\"{chosen}\"] .chart :is([fill=\"{color}\"], [stroke=\"{color}\"]) {{ opacity: .18; }}\n"
        )
    };
    chip_colors(other).into_iter().flatten().map(rule).collect()
}

impl Body<'_> {
    /// Whether there is a choice of axes.
    fn has_linear(&self) -> bool {
        let blocks = self.page.parts.iter().flat_map(|part| &part.sections);
        let mut blocks = blocks.flat_map(|section| &section.blocks);
        blocks.any(|block| matches!(block, Block::Figure(figure) if figure.linear.is_some()))
    }

    /// A part of 1 in hundredths, no more than all of it.
    fn percent(&self, part: &f64) -> String {
        format!("{:.1}", 100.0 * part.clamp(0.0, 1.0))
    }

    /// A number that the script sorts by.
    fn sortable(&self, number: &f64) -> String {
        format!("{number:.5e}")
    }
}
