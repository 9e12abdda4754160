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
        replace(&folder.join(name), bytes)?;
    }
    let names: Vec<&str> = std::iter::once(JOURNAL)
        .chain(files.iter().map(|(name, _)| *name))
        .collect();
    Ok(format!("wrote {}: {}", folder.display(), names.join(", ")))
}

/// Puts a file in the place of the one before at once, so that there is a whole one whatever happens.
fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let unfinished = Path::new(&unfinished);
    let written = std::fs::write(unfinished, bytes).and_then(|()| std::fs::rename(unfinished, path));
    written.map_err(|cause| {
        let _ = std::fs::remove_file(unfinished);
        Error::io(path, "cannot write", cause)
    })
}
