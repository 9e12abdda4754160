//! `onpar list`: kernels, suites, precisions.

use clap::Args;

use super::input;
use super::output::{print, print_json};
use crate::error::{Error, Result};
use crate::report::list::{self, Catalogue};

/// Arguments of `onpar list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Explain one case: formula, work, buffers, reference, tolerance, literature, variants.
    #[arg(long, value_name = "CASE")]
    describe: Option<String>,
    /// With --describe: print the complete shader of this variant.
    #[arg(long, value_name = "VARIANT", requires = "describe")]
    source: Option<String>,
    /// Print JSON.
    #[arg(long, conflicts_with = "source")]
    json: bool,
}

pub(crate) fn run(args: &ListArgs) -> Result<u8> {
    match (&args.describe, &args.source) {
        (None, _) => catalogue(args.json)?,
        (Some(case), None) => describe(case, args.json)?,
        (Some(case), Some(variant)) => source(case, variant)?,
    }
    Ok(0)
}

fn catalogue(json: bool) -> Result<()> {
    let catalogue = Catalogue::new();
    if json {
        print_json(&catalogue)
    } else {
        print(&list::text(&catalogue))
    }
}

/// Explains a case.
pub(super) fn describe(name: &str, json: bool) -> Result<()> {
    let (kernel, case) = input::case(name)?;
    let description = list::describe(kernel, &case);
    if json {
        print_json(&description)
    } else {
        print(&list::description_text(&description))
    }
}

fn source(name: &str, variant: &str) -> Result<()> {
    let (kernel, case) = input::case(name)?;
    let variants = (kernel.variants)(&case);
    let chosen = variants.iter().find(|v| v.name == variant).ok_or_else(|| {
        let names: Vec<_> = variants.iter().map(|v| v.name.as_str()).collect();
        Error::Usage(format!(
            "--source {variant}: the variants of this case are {}",
            names.join(", ")
        ))
    })?;
    let sources = chosen
        .program
        .shaders()
        .map(|shader| format!("// entry point {}\n{}", shader.entry, shader.source));
    print(&sources.collect::<Vec<_>>().join("\n"))
}
