//! Splitting a line into fields, each with its column.
//!
//! This is done here and not by the `csv` crate because every message about a data file names the column of the
//! offending field, which that crate does not tell, and because it reads malformed quotes in silence; a test holds the
//! two against each other.

/// A field of a line and the column, counted in characters from 1, at which it begins (at its quote, if it has one).
pub(super) struct Field {
    pub(super) column: u64,
    pub(super) text: String,
}

/// Splits one line after RFC 4180, which knows quotes only around a whole field.
pub(super) fn split(line: &str) -> Result<Vec<Field>, (u64, &'static str)> {
    let mut fields = Vec::new();
    let (mut rest, mut column) = (line, 1);
    loop {
        let (text, length) = match rest.strip_prefix('"') {
            Some(quoted) => {
                quoted_field(quoted).ok_or((column, "this quote is never closed; fields hold no line break"))?
            }
            None => {
                let text = &rest[..rest.find(',').unwrap_or(rest.len())];
                if text.contains('"') {
                    return Err((
                        column,
                        "a quote inside an unquoted field; quote the field and double the quote",
                    ));
                }
                (text.to_owned(), text.len())
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
    use super::super::table::Table;
    use super::*;

    #[test]
    fn fields_and_their_columns() {
        let fields = split("é,\"a, \"\"b\"\"\",,x").expect("well formed");
        let got: Vec<_> = fields.iter().map(|f| (f.column, f.text.as_str())).collect();
        assert_eq!(got, [(1, "é"), (3, "a, \"b\""), (14, ""), (15, "x")]);
    }

    #[test]
    fn malformed_quotes_are_named_by_column() {
        for (line, column) in [("a,\"b", 3), ("a,b\"c", 3), ("a,\"b\"c", 6)] {
            assert_eq!(split(line).err().map(|(column, _)| column), Some(column), "{line}");
        }
    }

    #[test]
    fn the_csv_crate_reads_the_same_fields() {
        for table in Table::ALL {
            let text = table.embedded();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes());
            let theirs = reader.records().map(|r| r.expect("well formed"));
            for (line, record) in text.lines().zip(theirs) {
                let ours = split(line).expect("well formed");
                assert!(ours.iter().map(|f| f.text.as_str()).eq(record.iter()), "{line}");
            }
        }
    }
}
