//! The first line of a table of runs: which column is what.

use super::table::Quantity;
use crate::fields::{Field, split};

/// The columns of a table.
pub(super) struct Header {
    /// Place of the case.
    pub(super) case: usize,
    /// Place of the run.
    pub(super) run: usize,
    /// Place of the value.
    pub(super) value: usize,
    /// What the value is.
    pub(super) quantity: Quantity,
    /// Names of the columns that mean nothing here.
    pub(super) unknown: Vec<String>,
    optional: Vec<(Role, usize)>,
    names: Vec<String>,
}

/// What a column may be besides what every table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The suite of the case.
    Suite,
    /// What it was measured on.
    Device,
    /// What measured it.
    Software,
}

impl Role {
    const ALL: [Self; 3] = [Self::Suite, Self::Device, Self::Software];

    /// The name of the column.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Suite => "suite",
            Self::Device => "device",
            Self::Software => "software",
        }
    }
}

/// What a header has to be.
pub(super) fn wanted() -> &'static str {
    "expected a header line `case,run,seconds` or `case,run,rate`, in any order, separated by commas"
}

impl Header {
    /// Reads a header. A malformed one is told by column and message.
    pub(super) fn parse(line: &str) -> Result<Self, (u64, String)> {
        let fields = split(line).map_err(|(column, message)| (column, message.to_owned()))?;
        let names: Vec<String> = fields.iter().map(|field| field.text.trim().to_owned()).collect();
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                let message = format!("a second column `{name}`; remove one");
                return Err((fields[place].column, message));
            }
        }
        let end = line.chars().count() as u64 + 1;
        let place = |name: &str| names.iter().position(|known| known == name);
        let required = |name: &str| place(name).ok_or_else(|| (end, format!("no column `{name}`; {}", wanted())));
        let (case, run) = (required("case")?, required("run")?);
        let (value, quantity) = match (place("seconds"), place("rate")) {
            (Some(seconds), None) => (seconds, Quantity::Seconds),
            (None, Some(rate)) => (rate, Quantity::Rate),
            (None, None) => return Err((end, format!("no column `seconds` or `rate`; {}", wanted()))),
            (Some(a), Some(b)) => {
                let message = "both `seconds` and `rate`; remove one".to_owned();
                return Err((fields[a.max(b)].column, message));
            }
        };
        let optional = Role::ALL
            .into_iter()
            .filter_map(|role| Some((role, place(role.word())?)));
        let optional: Vec<_> = optional.collect();
        let is_known = |at: &usize| [case, run, value].contains(at) || optional.iter().any(|(_, known)| known == at);
        let unknown = (0..names.len()).filter(|at| !is_known(at)).map(|at| names[at].clone());
        Ok(Self {
            case,
            run,
            value,
            quantity,
            unknown: unknown.collect(),
            optional,
            names,
        })
    }

    /// The field of a column that a table may have.
    pub(super) fn optional<'f, 't>(&self, role: Role, fields: &'f [Field<'t>]) -> Option<&'f Field<'t>> {
        let (_, place) = self.optional.iter().find(|(known, _)| *known == role)?;
        fields.get(*place)
    }

    /// A line has as many fields as the header.
    pub(super) fn check_count(&self, fields: &[Field<'_>], line: &str) -> Result<(), (u64, String)> {
        let (found, wanted) = (fields.len(), self.names.len());
        if found == wanted {
            return Ok(());
        }
        if let Some(missing) = self.names.get(found) {
            let message = format!("{found} fields where the header has {wanted}; expected `{missing}` here");
            return Err((line.chars().count() as u64 + 1, message));
        }
        let message = format!(
            "{found} fields where the header has {wanted}; remove this one, quote fields that hold a comma, and write \
             numbers with a decimal point"
        );
        Err((fields[wanted].column, message))
    }
}
