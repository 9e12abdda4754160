//! Names of cases: what is read is written the same way again, and what a kernel accepts can be counted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onpar::kernels::{self, Case};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(case) = text.parse::<Case>() else {
        return;
    };
    assert_eq!(case.to_string().parse::<Case>().as_ref(), Ok(&case));
    if let Some(kernel) = kernels::find(&case.kernel)
        && kernel.check(&case).is_ok()
    {
        let _ = (kernel.work)(&case).bytes();
        let _ = (kernel.buffers)(&case);
    }
});
