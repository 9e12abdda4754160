//! The files beside a journal that are made from it, and can be made again at any time.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result};
use crate::normalise::Scores;
use crate::parallel;
use crate::published::Published;
use crate::record::{JOURNAL, Session};
use crate::report::columns::Context;
use crate::report::html::{self, Reported};
use crate::report::pictures::{self, Picture};
use crate::report::{csv, markdown};

/// Writes them into the folder of the session; returns a sentence that names them. A picture of an earlier time that has
/// nothing to show any more is removed.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(folder: &Path, session: &Session, scores: &Scores, published: &Published) -> Result<String> {
    let pictures = pictures::all(session, scores, published);
    let mut files = vec![
        (
            "rows.csv".to_owned(),
            csv::rows(&[Context { session, scores }]).into_bytes(),
        ),
        (
            "report.md".to_owned(),
            markdown::report(session, scores, &pictures).into_bytes(),
        ),
    ];
    let reported = Reported {
        session,
        scores,
        pictures: &pictures,
    };
    let page = html::render(&html::sessions_page(&[reported], published)?)?;
    files.push(("report.html".to_owned(), page.into_bytes()));
    for drawn in parallel::map(&pictures, drawn) {
        files.extend(drawn?);
    }
    for (name, bytes) in &files {
        replace(&folder.join(name), bytes)?;
    }
    remove_others(folder, &files)?;
    let names: Vec<&str> = std::iter::once(JOURNAL)
        .chain(files.iter().map(|(name, _)| name.as_str()))
        .collect();
    Ok(format!("wrote {}: {}", folder.display(), names.join(", ")))
}

/// The files of a picture, which take longer than all others.
fn drawn(picture: &Picture) -> Result<[(String, Vec<u8>); 2]> {
    Ok([
        (format!("{}.svg", picture.name), picture.drawing.to_svg()?.into_bytes()),
        (format!("{}.png", picture.name), picture.drawing.to_png()?),
    ])
}

/// Puts a file in the place of the one before at once, so that there is a whole one whatever happens, also if another
/// process does the same.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}", std::process::id()));
    let unfinished = Path::new(&unfinished);
    let written = std::fs::write(unfinished, bytes).and_then(|()| std::fs::rename(unfinished, path));
    written.map_err(|cause| {
        let _ = std::fs::remove_file(unfinished);
        Error::io(path, "cannot write", cause)
    })
}

/// Removes the pictures that were not written.
fn remove_others(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let all = pictures::NAMES
        .iter()
        .flat_map(|name| ["svg", "png"].map(|ending| format!("{name}.{ending}")));
    for name in all.filter(|name| files.iter().all(|(written, _)| written != name)) {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                return Err(Error::io(&path, "cannot remove", cause));
            }
            _ => {}
        }
    }
    Ok(())
}
