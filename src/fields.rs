//! Splitting a line of a CSV file into fields, each with its column.
//!
//! This is done here and not by the `csv` crate because every message about a file of the user's names the column of the
//! offending field, which that crate does not tell, and because it reads malformed quotes in silence; a test holds the
//! two against each other (`tests/published.rs`).

use std::borrow::Cow;

/// A field of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// Where it begins (at its quote, if it has one), counted in characters from 1.
    pub column: u64,
    /// What it holds, without its quotes.
    pub text: Cow<'a, str>,
}

/// Splits one line after RFC 4180, which knows quotes only around a whole field.
///
/// # Errors
/// The column of a quote that is malformed, and what is wrong with it.
pub fn split(line: &str) -> Result<Vec<Field<'_>>, (u64, &'static str)> {
    let mut fields = Vec::new();
    let (mut rest, mut column) = (line, 1);
    loop {
        let (text, length) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let field = quoted_field(quoted);
                let (text, length) = field.ok_or((column, "this quote is never closed; fields hold no line break"))?;
                (Cow::Owned(text), length)
            }
            None => {
                let text = &rest[..rest.find(',').unwrap_or(rest.len())];
                if text.contains('"') {
                    return Err((
                        column,
                        "a quote inside an unquoted field; quote the field and double the quote",
                    ));
                }
                (Cow::Borrowed(text), text.len())
            }
        };
        fields.push(Field { column, text });
        let (raw, after) = rest.split_at(length);
        column += raw.chars().count() as u64 + 1;
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => {
                return Err((
                    column - 1,
                    "text after a closing quote; double quotes inside a quoted field",
                ));
            }
        }
    }
}

/// The value of a quoted field and the bytes it takes with its quotes; the opening quote is already off.
fn quoted_field(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                value.push('"');
                rest = next;
            }
            None => return Some((value, 1 + text.len() - rest.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_columns() {
        let fields = split("é,\"a, \"\"b\"\"\",,x").expect("well formed");
        let got: Vec<_> = fields.iter().map(|f| (f.column, f.text.as_ref())).collect();
        assert_eq!(got, [(1, "é"), (3, "a, \"b\""), (14, ""), (15, "x")]);
    }

    #[test]
    fn malformed_quotes_are_named_by_column() {
        for (line, column) in [("a,\"b", 3), ("a,b\"c", 3), ("a,\"b\"c", 6)] {
            assert_eq!(split(line).err().map(|(column, _)| column), Some(column), "{line}");
        }
    }
}
