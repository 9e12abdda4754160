//! A plain table of runs, `case,run,seconds`, as other programs write it. `docs/formats.md` describes it.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

use super::lines::{self, Lines, Malformed};
use super::table_header::{Header, Role, wanted};
use crate::error::Result;
use crate::fields::{Field, split};
use crate::kernels::Case;

/// What runs of other programs came to.
#[derive(Debug, Clone, PartialEq)]
pub struct RunTable {
    /// What the values are.
    pub quantity: Quantity,
    /// What it was measured on, if the table says.
    pub device: Option<String>,
    /// What measured it, if the table says.
    pub software: Option<String>,
    /// The runs by their words, in the order of their first lines.
    pub runs: Vec<String>,
    /// The cases, in the order of their first lines.
    pub cases: Vec<TableCase>,
    /// Columns that mean nothing here and were passed over.
    pub unknown_columns: Vec<String>,
}

/// What the values of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Times: less is faster.
    Seconds,
    /// Rates in any one unit: more is faster.
    Rate,
}

impl Quantity {
    /// The name of the column.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Rate => "rate",
        }
    }
}

/// A case of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCase {
    /// Its name; of a case in the grammar of names, the one spelling that it has.
    pub name: String,
    /// The suite that it belongs to, if the table says.
    pub suite: Option<String>,
    /// Its first line.
    pub line: u64,
    /// The column of its name there.
    pub column: u64,
    /// Its values, in the order of their lines.
    pub values: Vec<RunValue>,
}

/// The value of a case in one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunValue {
    /// Place of the run among the table's.
    pub run: u32,
    /// Seconds or a rate, positive and finite.
    pub value: f64,
}

/// Longest name of a case, a run or a device in characters, so that it can be shown.
const LONGEST_NAME: usize = 200;
/// Values between these have products and quotients that are exact enough; no measurement lies outside.
const VALUES: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

impl RunTable {
    /// Reads a table from a file.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, else as [`RunTable::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(path, lines::open(path)?)
    }

    /// Reads a table from its text; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Data`] with line and column of the first thing that is malformed, and how to mend it. No line is passed
    /// over but empty ones.
    pub fn parse(name: &Path, text: impl BufRead) -> Result<Self> {
        let mut lines = Lines::new(name);
        let of_header = |header: &str| Header::parse(header).map(Reader::new);
        let reader = lines.table(text, wanted(), of_header, Reader::line)?;
        reader.finish().map_err(|message| lines.error(1, &message))
    }
}

/// What is known after some lines.
struct Reader {
    header: Header,
    runs: Names,
    /// Cases by every spelling that was met.
    spellings: HashMap<String, u32>,
    numbers: Names,
    cases: Vec<TableCase>,
    /// The lines of (case, run).
    lines: HashMap<(u32, u32), u64>,
    device: Option<String>,
    software: Option<String>,
}

/// Words and their numbers.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
}

impl Names {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.numbers.insert(word.to_owned(), number);
        self.words.push(word.to_owned());
        number
    }
}

impl Reader {
    fn new(header: Header) -> Self {
        Self {
            header,
            runs: Names::default(),
            spellings: HashMap::new(),
            numbers: Names::default(),
            cases: Vec::new(),
            lines: HashMap::new(),
            device: None,
            software: None,
        }
    }

    fn line(&mut self, line: &str, number: u64) -> std::result::Result<(), Malformed> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let fields = split(line).map_err(|(column, message)| (column, message.to_owned()))?;
        self.header.check_count(&fields, line)?;
        self.facts(&fields)?;
        let case = self.case(&fields, number)?;
        let field = &fields[self.header.run];
        let run = self.runs.number(name("run", field)?);
        if let Some(first) = self.lines.insert((case, run), number) {
            let message = format!(
                "a second value for run `{}` of this case, after that in line {first}; a run has one value, the median of \
                 its samples, so give each run a name of its own",
                field.text.trim()
            );
            return Err((field.column, message));
        }
        let value = value(self.header.quantity, &fields[self.header.value])?;
        self.cases[case as usize].values.push(RunValue { run, value });
        Ok(())
    }

    fn case(&mut self, fields: &[Field<'_>], line: u64) -> std::result::Result<u32, Malformed> {
        let field = &fields[self.header.case];
        let spelled = name("case", field)?;
        let number = match self.spellings.get(spelled) {
            Some(number) => *number,
            None => {
                let parsed = spelled.parse::<Case>();
                let one_spelling = parsed.map_or_else(|_| spelled.to_owned(), |case| case.to_string());
                let number = self.numbers.number(&one_spelling);
                self.spellings.insert(spelled.to_owned(), number);
                number
            }
        };
        let field_of_suite = self.header.optional(Role::Suite, fields);
        let suite = match field_of_suite {
            Some(field) => optional_name("suite", field)?,
            None => None,
        };
        let Some(known) = self.cases.get(number as usize) else {
            self.cases.push(TableCase {
                name: self.numbers.words[number as usize].clone(),
                suite: suite.map(str::to_owned),
                line,
                column: field.column,
                values: Vec::new(),
            });
            return Ok(number);
        };
        if known.suite.as_deref() != suite {
            let message = format!("another suite than in line {}: a case is in one suite", known.line);
            return Err((field_of_suite.map_or(1, |field| field.column), message));
        }
        Ok(number)
    }

    /// Device and software, which are the same in all lines.
    fn facts(&mut self, fields: &[Field<'_>]) -> std::result::Result<(), Malformed> {
        let facts = [(Role::Device, &mut self.device), (Role::Software, &mut self.software)];
        for (role, known) in facts {
            let Some(field) = self.header.optional(role, fields) else {
                continue;
            };
            let found = optional_name(role.word(), field)?;
            if self.lines.is_empty() {
                *known = found.map(str::to_owned);
            } else if known.as_deref() != found {
                let message = format!(
                    "another {} than in the lines above: `{}`; one table is of one device, so split the file",
                    role.word(),
                    field.text
                );
                return Err((field.column, message));
            }
        }
        Ok(())
    }

    fn finish(self) -> std::result::Result<RunTable, String> {
        if self.cases.is_empty() {
            return Err("no line follows the header; expected a line for each case and run".to_owned());
        }
        Ok(RunTable {
            quantity: self.header.quantity,
            device: self.device,
            software: self.software,
            runs: self.runs.words,
            cases: self.cases,
            unknown_columns: self.header.unknown,
        })
    }
}

/// A name that can be shown, without white space around it.
fn name<'a>(what: &str, field: &'a Field<'_>) -> std::result::Result<&'a str, Malformed> {
    optional_name(what, field)?.ok_or_else(|| (field.column, format!("{what} is empty; expected a name")))
}

fn optional_name<'a>(what: &str, field: &'a Field<'_>) -> std::result::Result<Option<&'a str>, Malformed> {
    let text = field.text.trim();
    // In bytes first: counting the characters of every name would cost more than all else.
    if text.len() > LONGEST_NAME && text.chars().count() > LONGEST_NAME {
        let message = format!("{what} has more than {LONGEST_NAME} characters: `{text}`; give it a shorter name");
        return Err((field.column, message));
    }
    if text.contains(char::is_control) {
        return Err((
            field.column,
            format!("a control character in {what} `{text}`; remove it"),
        ));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn value(quantity: Quantity, field: &Field<'_>) -> std::result::Result<f64, Malformed> {
    let (text, word) = (field.text.trim(), quantity.word());
    let wrong = |why: &str| {
        let message = format!("{word}: `{text}` {why}; expected a positive number with a decimal point, as 0.00125");
        Err((field.column, message))
    };
    match text.parse::<f64>() {
        Err(_) => wrong("is not a number"),
        Ok(number) if number.is_nan() => wrong("is not a number"),
        Ok(number) if number <= 0.0 => wrong("is not positive"),
        Ok(number) if number > *VALUES.end() => wrong("is too large"),
        Ok(number) if number < *VALUES.start() => wrong("is too small"),
        Ok(number) => Ok(number),
    }
}
