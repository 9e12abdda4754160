//! Rules of `sources.csv`.

use std::collections::BTreeMap;

use crate::published::problem::Problem;
use crate::published::rows::Source;

pub(super) fn check(sources: &[Source], problems: &mut Vec<Problem>) {
    let mut seen = BTreeMap::new();
    for source in sources {
        let mut wrong = |column, message: String| problems.push(source.location.problem(column, message));
        if !is_url(&source.url) {
            wrong(
                "url",
                format!("bad url `{}`; write http:// or https:// and the address", source.url),
            );
        }
        if let Some(other) = seen.insert(source.url.as_str(), source.id.as_str()) {
            wrong("url", format!("url is listed twice; cite `{other}` instead"));
        }
        for (column, text) in [("publisher", &source.publisher), ("title", &source.title)] {
            if text.is_empty() {
                wrong(
                    column,
                    format!("{column} is missing; say who printed it and under which title"),
                );
            }
        }
        let language = &source.language;
        if language.len() != 2 || !language.bytes().all(|b| b.is_ascii_lowercase()) {
            wrong(
                "language",
                format!("language: `{language}` is not a two-letter code, as en or zh"),
            );
        }
    }
}

fn is_url(text: &str) -> bool {
    let address = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    address.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
