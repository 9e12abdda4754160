//! What a user names on the command line.

use crate::error::{Error, Result};
use crate::kernels::{Case, Kernel, REGISTRY, find};

/// A case, and its kernel.
///
/// # Errors
/// A name that is malformed, or a case that no kernel has; the message says what there is.
pub(super) fn case(name: &str) -> Result<(&'static Kernel, Case)> {
    let case: Case = name.parse().map_err(Error::Usage)?;
    let kernel = find(&case.kernel).ok_or_else(|| {
        let names: Vec<_> = REGISTRY.iter().map(|kernel| kernel.name).collect();
        Error::Usage(format!(
            "case {case}: there is no kernel {}; the kernels are {}",
            case.kernel,
            names.join(", ")
        ))
    })?;
    kernel.check(&case).map_err(Error::Usage)?;
    Ok((kernel, case))
}
