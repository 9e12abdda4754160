//! The files beside a journal that are made from it, and can be made again at any time.

use std::path::Path;

use crate::error::{Error, Result};
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::{JOURNAL, Session};
use crate::report::columns::Context;
use crate::report::{csv, markdown, rates};

/// Writes them into the folder of the session; returns a sentence that names them.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(folder: &Path, session: &Session, scores: &Scores, published: &Published) -> Result<String> {
    let chart = rates::chart(session, scores, published);
    let pictures: &[&str] = if chart.panels.is_empty() { &[] } else { &["rates.svg"] };
    let mut files = vec![
        ("rows.csv", csv::rows(Context { session, scores }).into_bytes()),
        ("report.md", markdown::report(session, scores, pictures).into_bytes()),
    ];
    if !chart.panels.is_empty() {
        files.push(("rates.svg", chart.to_svg()?.into_bytes()));
        files.push(("rates.png", chart.to_png()?));
    }
    for (name, bytes) in &files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|cause| Error::io(&path, "cannot write", cause))?;
    }
    let names: Vec<&str> = std::iter::once(JOURNAL)
        .chain(files.iter().map(|(name, _)| *name))
        .collect();
    Ok(format!("wrote {}: {}", folder.display(), names.join(", ")))
}
