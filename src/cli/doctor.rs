//! `onpar doctor`: what can run here, and may its clock be believed?

use clap::Args;

use super::noise::{self, NoiseArgs};
use super::output::{print, print_json};
use super::supervise::{self, Worker};
use crate::device::Listed;
use crate::error::{Error, Result};
use crate::published::Published;
use crate::report::doctor::{Examined, text};

/// Arguments of `onpar doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print JSON: a list of devices with facts, timer self-test and the chip that the name identifies.
    #[arg(long)]
    json: bool,
    /// Measure the same cases again and again, and say how much they differ and what is the smallest change that this
    /// machine can show.
    #[arg(long)]
    noise: bool,
    #[command(flatten)]
    of_noise: NoiseArgs,
}

pub(crate) fn run(args: &DoctorArgs) -> Result<u8> {
    if args.noise {
        return noise::run(&args.of_noise, args.json);
    }
    let listed = supervise::devices()?;
    if listed.is_empty() {
        // A worker without a wish says best what is missing.
        return Err(Worker::start(None)
            .err()
            .unwrap_or_else(|| Error::NoDevice("no device".to_owned())));
    }
    let examined: Vec<Examined> = listed.into_iter().map(examine).collect();
    if args.json {
        print_json(&examined)?;
    } else {
        print(&text(&examined))?;
    }
    Ok(0)
}

fn examine(listed: Listed) -> Examined {
    let chip = Published::embedded().chip_for_adapter(&listed.identity.adapter);
    let chip = chip.map(|chip| chip.id.clone());
    let (ready, failure) = match Worker::start(Some(&listed.index.to_string())) {
        Ok(worker) => (Some(worker.ready.clone()), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Examined {
        listed,
        facts: ready.as_ref().map(|ready| ready.facts.clone()),
        timer: ready.map(|ready| ready.timer),
        failure,
        chip,
    }
}
