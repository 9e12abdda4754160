//! `onpar completions` and `onpar man`: what a package of this program installs beside it.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, ValueEnum as _};
use clap_complete::{Shell, generate, generate_to};

use super::Cli;
use super::output::print;
use crate::error::{Error, Result};

const NAME: &str = "onpar";

/// Arguments of `onpar completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete.
    #[arg(required_unless_present = "out")]
    shell: Option<Shell>,
    /// Write files, named as the shells look for them, into this folder: of one shell, or of all.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Arguments of `onpar man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write a page for the program and one for each subcommand into this folder, as `onpar-run.1`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<u8> {
    let shells = args
        .shell
        .as_ref()
        .map_or(Shell::value_variants(), std::slice::from_ref);
    for shell in shells {
        match &args.out {
            Some(folder) => {
                create(folder)?;
                let written = generate_to(*shell, &mut Cli::command(), NAME, folder);
                written.map_err(|cause| Error::io(folder, "cannot write completions into", cause))?;
            }
            None => {
                let mut script = Vec::new();
                generate(*shell, &mut Cli::command(), NAME, &mut script);
                print(&String::from_utf8_lossy(&script))?;
            }
        }
    }
    Ok(0)
}

pub(crate) fn man(args: &ManArgs) -> Result<u8> {
    match &args.out {
        Some(folder) => {
            create(folder)?;
            clap_mangen::generate_to(Cli::command(), folder)
                .map_err(|cause| Error::io(folder, "cannot write manual pages into", cause))?;
        }
        None => {
            let mut page = Vec::new();
            render(&Cli::command(), &mut page).map_err(|cause| Error::io("the manual page", "cannot write", cause))?;
            print(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(0)
}

fn create(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|cause| Error::io(folder, "cannot create", cause))
}

/// One page for the program and all its subcommands.
fn render(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        let name = format!("{} {}", command.get_name(), subcommand.get_name());
        let man = clap_mangen::Man::new(subcommand.clone().display_name(&name).bin_name(&name));
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)?;
    }
    Ok(())
}
