//! `onpar completions` and `onpar man`: what a package of this program installs beside it.

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::Cli;
use super::output::print;
use crate::error::{Error, Result};

/// Arguments of `onpar completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete.
    shell: Shell,
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<u8> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "onpar", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Prints one manual page for the program and all its subcommands.
pub(crate) fn man() -> Result<u8> {
    let mut page = Vec::new();
    render(&Cli::command(), &mut page).map_err(|cause| Error::io("the manual page", "cannot write", cause))?;
    print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}

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
