//! `onpar audit`: what published figures say about a claim of parity.

use std::path::PathBuf;

use clap::Args;

use super::input::margin;
use super::output::print;
use super::picture::Picture;
use crate::audit::{Audit, Auditor, ClaimAudit, ClaimVerdict, Question};
use crate::error::{Error, Result};
use crate::published::{Claim, Published, Scope, suggest};
use crate::report::{audit as report, html};

/// Say what published figures make of a claim that one chip is as fast as another, and what would have to be true
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Id of a claim; without it all claims, a line each
    #[arg(value_name = "CLAIM_ID", conflicts_with_all = ["subject", "reference"])]
    claim: Option<String>,
    /// Chip whose speed is the numerator, as `onpar chips` lists it
    #[arg(long, value_name = "CHIP", requires = "reference")]
    subject: Option<String>,
    /// Chip that it is held against
    #[arg(long, value_name = "CHIP", requires = "subject")]
    reference: Option<String>,
    /// Part of the work: training, prefill, decode, inference, gemm, memory, interconnect, power; all without it
    #[arg(long, requires = "subject", value_parser = scope)]
    scope: Option<Scope>,
    /// How far from equal still counts as on par: between 1/(1+m) and 1+m
    #[arg(long, value_name = "PERCENT", default_value = "10%", value_parser = margin)]
    margin: f64,
    /// Folder with figures and claims of your own, laid over the embedded ones
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown
    #[arg(long)]
    markdown: bool,
    /// Print a page for a browser that needs nothing beside it
    #[arg(long, conflicts_with_all = ["json", "markdown"])]
    html: bool,
    /// Show the arithmetic of every workload
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    /// Draw both rooflines with the workloads on them; the ending says how
    #[arg(long, value_name = "FILE.svg|FILE.png", value_parser = Picture::parse)]
    plot: Option<Picture>,
    /// Exit with 1 if a claim is contradicted, with 3 if one is open
    #[arg(long)]
    check: bool,
}

/// Runs the command and returns the exit status: 0, or with `--check` 1 or 3.
///
/// # Errors
/// An unknown claim or chip, a data folder that is not clean, a picture that cannot be written.
pub(crate) fn run(args: &AuditArgs) -> Result<u8> {
    match &args.published {
        Some(folder) => audit(args, &Published::from_dir(folder)?),
        None => audit(args, Published::embedded()),
    }
}

fn audit(args: &AuditArgs, published: &Published) -> Result<u8> {
    let auditor = Auditor::new(published);
    match (&args.claim, &args.subject, &args.reference) {
        (Some(id), ..) => one_claim(args, &auditor, require_claim(published, id)?),
        (None, Some(subject), Some(reference)) => pair(args, &auditor, subject, reference),
        _ => all_claims(args, &auditor),
    }
}

fn all_claims(args: &AuditArgs, auditor: &Auditor<'_>) -> Result<u8> {
    for (asked, option) in [(args.explain, "--explain"), (args.plot.is_some(), "--plot")] {
        if asked {
            let message = format!("{option} needs a claim or two chips: name a CLAIM_ID, or --subject and --reference");
            return Err(Error::Usage(message));
        }
    }
    let audited = auditor.claims(args.margin);
    print(&if args.html {
        html::render(&html::claims_page(auditor.published(), &audited, args.margin))?
    } else if args.json {
        report::list_json(auditor.published(), &audited, args.margin)
    } else if args.markdown {
        report::list_markdown(&audited, args.margin)
    } else {
        report::list_text(&audited, args.margin)
    })?;
    Ok(exit_code(args.check, audited.iter().filter_map(|audit| audit.verdict)))
}

fn one_claim<'p>(args: &AuditArgs, auditor: &Auditor<'p>, claim: &'p Claim) -> Result<u8> {
    let published = auditor.published();
    let audited = auditor.claim(claim, args.margin);
    draw(args, audited.audit.as_ref())?;
    print(&if args.html {
        html::render(&html::claim_page(published, &audited, args.explain)?)?
    } else if args.json {
        report::claim_json(published, &audited)
    } else if args.markdown {
        report::claim_markdown(published, &audited, args.explain)
    } else {
        report::claim_text(published, &audited) + &explained(args, &audited)
    })?;
    Ok(exit_code(args.check, audited.verdict))
}

fn explained(args: &AuditArgs, audited: &ClaimAudit<'_>) -> String {
    let audit = audited.audit.as_ref().filter(|_| args.explain);
    audit.map(report::explain).unwrap_or_default()
}

fn pair(args: &AuditArgs, auditor: &Auditor<'_>, subject: &str, reference: &str) -> Result<u8> {
    let published = auditor.published();
    let (subject, reference) = (published.require_chip(subject)?, published.require_chip(reference)?);
    let question = Question::parity(args.scope.unwrap_or(Scope::Unspecified), args.margin);
    let audit = auditor.pair(subject, reference, question);
    draw(args, Some(&audit))?;
    print(&if args.html {
        html::render(&html::pair_page(published, &audit, args.explain)?)?
    } else if args.json {
        report::pair_json(published, &audit)
    } else if args.markdown {
        report::pair_markdown(published, &audit, args.explain)
    } else if args.explain {
        report::pair_text(published, &audit) + &report::explain(&audit)
    } else {
        report::pair_text(published, &audit)
    })?;
    Ok(exit_code(args.check, [audit.verdict]))
}

fn draw(args: &AuditArgs, audit: Option<&Audit<'_>>) -> Result<()> {
    let Some(picture) = &args.plot else {
        return Ok(());
    };
    let audit = audit.ok_or_else(|| Error::Usage("--plot: this claim names no two chips to draw".to_owned()))?;
    picture.write(&report::picture(audit).draw())
}

/// 1 goes before 3: one claim that is refuted is worse than many that are open.
fn exit_code(check: bool, verdicts: impl IntoIterator<Item = ClaimVerdict>) -> u8 {
    let verdicts: Vec<_> = verdicts.into_iter().collect();
    if check && verdicts.contains(&ClaimVerdict::Contradicted) {
        1
    } else if check && verdicts.contains(&ClaimVerdict::Open) {
        3
    } else {
        0
    }
}

fn require_claim<'p>(published: &'p Published, id: &str) -> Result<&'p Claim> {
    published.claim(id).ok_or_else(|| {
        let near = suggest(id, published.claims.iter().map(|claim| claim.id.as_str()));
        let remedy = match near.as_slice() {
            [] => "`onpar audit` lists the known ones".to_owned(),
            near => format!("did you mean {}? `onpar audit` lists all", near.join(", ")),
        };
        Error::Usage(format!("unknown claim `{id}`; {remedy}"))
    })
}

fn scope(text: &str) -> std::result::Result<Scope, String> {
    match text.parse() {
        Ok(Scope::Cost) => Err("no figure of what a chip costs is published".to_owned()),
        Ok(scope) => Ok(scope),
        Err(error) => Err(format!("{error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refuted_claim_weighs_more_than_an_open_one() {
        let verdicts = [ClaimVerdict::Open, ClaimVerdict::Contradicted];
        assert_eq!(exit_code(true, verdicts), 1);
        assert_eq!(exit_code(true, [ClaimVerdict::Open, ClaimVerdict::Supported]), 3);
        assert_eq!(exit_code(true, [ClaimVerdict::NotTestableAsWorded]), 0);
        assert_eq!(exit_code(false, verdicts), 0);
    }
}
