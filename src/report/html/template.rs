//! Pages as HTML, by templates whose every text is escaped.

use std::fmt::Write as _;

use askama::Template;
use sha2::{Digest as _, Sha256};

use super::page::{Block, Page};
use crate::error::{Error, Result};
use crate::report::plot::chart_colors;
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

/// A dark page shows other colours than those that the charts are painted in. A rule goes before an attribute.
fn chart_style() -> String {
    let rule = |color: crate::report::plot::ChartColor| {
        let (light, dark) = (color.light, color.dark);
        ["fill", "stroke"].map(|of| format!(".chart [{of}=\"{light}\"] {{ {of}: light-dark({light}, {dark}); }}\n"))
    };
    chart_colors().into_iter().flat_map(rule).collect()
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
