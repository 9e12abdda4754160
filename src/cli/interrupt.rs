//! Ctrl-C, and the request to end that a service manager or `timeout` sends. Both reach the worker as well, as a member
//! of the same group; it leaves them to its parent, which ends it and finishes the journal.

use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::{Error, INTERRUPTED, Result};

static CAME: AtomicBool = AtomicBool::new(false);

/// From now on [`came`] tells of either signal. A second Ctrl-C ends the process at once; a second request to end does
/// not, because `timeout` sends each twice.
///
/// # Errors
/// When the system refuses.
pub(super) fn catch() -> Result<()> {
    // The order counts: the first Ctrl-C must not yet find that one came.
    flag::register_conditional_shutdown(SIGINT, INTERRUPTED.into(), &CAME).map_err(refused)?;
    note()
}

/// Keeps a worker alive through both signals.
///
/// # Errors
/// When the system refuses.
pub(super) fn leave_to_parent() -> Result<()> {
    note()
}

/// Whether the user, or who acts for the user, wants an end.
pub(super) fn came() -> bool {
    CAME.load(Ordering::SeqCst)
}

fn note() -> Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, &CAME).map_err(refused)?;
    }
    Ok(())
}

fn refused(cause: std::io::Error) -> Error {
    Error::io("onpar", "cannot listen to signals", cause)
}
