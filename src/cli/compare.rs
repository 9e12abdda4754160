//! `onpar compare`: are two measured devices on par?

use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{alpha, margin, table};
use super::output::{complain, print, print_json};
use super::picture::Picture;
use crate::compare::{Allowed, Comparison, Side, compare};
use crate::error::Result;
use crate::judge::{Rule, Verdict};
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::Session;
use crate::report::{compare as report, html};

/// Say for each case that was measured on two devices whether they are on par
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Session (its folder or its session.jsonl) or table (a .csv with the columns case, run, and seconds or rate) of the
    /// device whose speed is the numerator
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The same of the device that it is held against
    #[arg(value_name = "B")]
    b: PathBuf,
    /// How far from equal still counts as on par: between 1/(1+m) and 1+m
    #[arg(long, value_name = "PERCENT", default_value = "10%", value_parser = margin)]
    margin: f64,
    /// Chance of a wrong verdict that all looks together may have
    #[arg(long, value_name = "PROBABILITY", default_value = "0.05", value_parser = alpha)]
    alpha: f64,
    /// Also compare rows of sessions whose answers nobody compared with a reference
    #[arg(long)]
    allow_unproved: bool,
    /// Also compare rows of sessions about which something is odd
    #[arg(long)]
    allow_flagged: bool,
    /// Draw the ratios with their intervals against the margin; the ending says how
    #[arg(long, value_name = "FILE.svg|FILE.png", value_parser = Picture::parse)]
    plot: Option<Picture>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print a page for a browser that needs nothing beside it
    #[arg(long, conflicts_with = "json")]
    html: bool,
}

/// Runs the command and returns the exit status: 1 if a case is behind, else 3 if all together are inconclusive, else 0.
///
/// # Errors
/// A file that cannot be read or is malformed, or nothing to compare.
pub(crate) fn run(args: &CompareArgs) -> Result<u8> {
    let allowed = Allowed {
        unproved: args.allow_unproved,
        flagged: args.allow_flagged,
    };
    let sides = [side(&args.a, allowed)?, side(&args.b, allowed)?];
    let rule = Rule {
        margin: args.margin,
        alpha: args.alpha,
    };
    let comparison = compare(sides, rule)?;
    if let Some(picture) = &args.plot {
        picture.write(&report::picture(&comparison).draw())?;
    }
    if args.html {
        print(&html::render(&html::comparison_page(&comparison)?)?)?;
    } else if args.json {
        print_json(&report::document(&comparison))?;
    } else {
        print(&report::text(&comparison))?;
    }
    Ok(exit_code(&comparison))
}

/// A session has a folder or a journal of JSON lines; everything else is a table.
fn side(path: &Path, allowed: Allowed) -> Result<Side> {
    let is_journal = path.extension().is_some_and(|ending| ending == "jsonl");
    if !path.is_dir() && !is_journal {
        return Ok(Side::of_table(table(path)?));
    }
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    let scores = Scores::of(&session, Published::embedded());
    Ok(Side::of_session(&session, &scores, allowed))
}

/// One case that is behind refutes parity, whatever the others come to.
fn exit_code(comparison: &Comparison) -> u8 {
    let behind = |verdict: Verdict| verdict == Verdict::Behind;
    if comparison.cases.iter().any(|case| behind(case.finding.verdict)) {
        1
    } else if comparison.verdict == Verdict::Inconclusive {
        3
    } else {
        0
    }
}
