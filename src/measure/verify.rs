//! Proving an answer: random inputs, poisoned outputs, every element compared with the f64 reference.

use super::Status;
use crate::device::{Allocation, Device, Failure};
use crate::kernels::{self, Buffer, BufferRole, Case, Expected, Kernel};
use crate::parallel;

/// The right answers of a case for one set of inputs.
pub(super) struct Reference(Vec<Vec<Expected>>);

impl Reference {
    pub(super) fn elements(&self) -> u64 {
        self.0.iter().map(|output| output.len() as u64).sum()
    }
}

/// Fills the inputs with values of `seed` and poisons everything else; returns the bytes written.
pub(super) fn fill(
    device: &mut dyn Device,
    allocation: Allocation,
    buffers: &[Buffer],
    seed: u64,
) -> Result<Vec<Vec<u8>>, Failure> {
    let mut all = Vec::with_capacity(buffers.len());
    for (index, buffer) in buffers.iter().enumerate() {
        let bytes = kernels::random(buffer, seed.wrapping_add(index as u64));
        device.write(allocation, index, &bytes)?;
        all.push(bytes);
    }
    Ok(all)
}

/// The reference for inputs that [`fill`] wrote.
pub(super) fn reference(kernel: &Kernel, case: &Case, buffers: &[Buffer], bytes: &[Vec<u8>]) -> Reference {
    let inputs: Vec<Vec<f64>> = buffers
        .iter()
        .zip(bytes)
        .filter(|(buffer, _)| buffer.is_input())
        .map(|(buffer, bytes)| kernels::decode(bytes, buffer.elements, buffer.precision))
        .collect();
    Reference((kernel.reference)(case, &inputs))
}

/// Poisons the outputs, so that what is found there afterwards was written since.
pub(super) fn poison(device: &mut dyn Device, allocation: Allocation, buffers: &[Buffer]) -> Result<(), Failure> {
    for (index, buffer) in buffers.iter().enumerate() {
        if buffer.is_written() {
            device.write(allocation, index, &kernels::poison(buffer))?;
        }
    }
    Ok(())
}

/// Compares every output element.
///
/// Returns the largest error as a fraction of the tolerance, at most 1.
///
/// # Errors
/// [`Ended`] with status wrong, naming the worst element, or what the device reported.
pub(super) fn compare(
    device: &mut dyn Device,
    allocation: Allocation,
    buffers: &[Buffer],
    reference: &Reference,
) -> Result<f64, Ended> {
    let outputs = buffers
        .iter()
        .enumerate()
        .filter(|(_, buffer)| buffer.role == BufferRole::Output);
    let mut worst = 0.0_f64;
    for ((index, buffer), expected) in outputs.zip(&reference.0) {
        let bytes = device.read(allocation, index)?;
        let values = kernels::decode(&bytes, buffer.elements, buffer.precision);
        worst = worst.max(worst_error(&values, expected).map_err(|reason| Ended {
            status: Status::Wrong,
            reason,
        })?);
    }
    Ok(worst)
}

/// Why a case or a variant came to an end before it was measured.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: Status,
    pub(super) reason: String,
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        let (status, reason) = match failure {
            Failure::Unsupported(reason) => (Status::Unsupported, reason),
            Failure::Lost(reason) => (Status::Lost, reason),
            Failure::Error(reason) => (Status::Error, reason),
        };
        Self { status, reason }
    }
}

fn worst_error(values: &[f64], expected: &[Expected]) -> Result<f64, String> {
    if values.len() != expected.len() {
        return Err(format!(
            "{} output elements, the reference has {}",
            values.len(),
            expected.len()
        ));
    }
    let worst = parallel::spread(values.len(), parallel::MANY, |range| {
        vec![worst_of(&values[range.clone()], &expected[range.clone()], range.start)]
    });
    let worst = worst.into_iter().fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
    if worst.0 <= 1.0 {
        return Ok(worst.0);
    }
    let wrong = values
        .iter()
        .zip(expected)
        .filter(|(value, right)| relative_error(**value, right) > 1.0)
        .count();
    let Expected { value, tolerance } = expected[worst.1];
    Err(format!(
        "{wrong} of {} elements are wrong, worst element {}: {:e}, expected {value:e} within {tolerance:.2e}",
        values.len(),
        worst.1,
        values[worst.1],
    ))
}

/// The largest error and its index, counted from `first`.
fn worst_of(values: &[f64], expected: &[Expected], first: usize) -> (f64, usize) {
    let mut worst = (0.0, first);
    for (index, (value, right)) in (first..).zip(values.iter().zip(expected)) {
        let error = relative_error(*value, right);
        if error > worst.0 {
            worst = (error, index);
        }
    }
    worst
}

/// The error in units of the tolerance; poison that was left over is infinitely wrong.
fn relative_error(value: f64, expected: &Expected) -> f64 {
    let error = (value - expected.value).abs();
    if error == 0.0 {
        0.0
    } else if error.is_nan() || expected.tolerance <= 0.0 {
        f64::INFINITY
    } else {
        error / expected.tolerance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(value: f64, tolerance: f64) -> Expected {
        Expected { value, tolerance }
    }

    #[test]
    fn errors_are_fractions_of_the_tolerance() {
        let expected = [around(1.0, 0.1), around(2.0, 0.1)];
        let worst = worst_error(&[1.05, 2.0], &expected).expect("right");
        assert!((worst - 0.5).abs() < 1e-12);
        assert_eq!(worst_error(&[3.0], &[around(3.0, 0.0)]), Ok(0.0));
    }

    #[test]
    fn a_wrong_answer_names_its_worst_element() {
        let expected = [around(1.0, 0.1), around(2.0, 0.1), around(3.0, 0.1)];
        let message = worst_error(&[1.0, 2.2, f64::NAN], &expected).expect_err("wrong");
        assert!(
            message.starts_with("2 of 3 elements are wrong, worst element 2: NaN"),
            "{message}"
        );
        assert!(worst_error(&[1.0], &expected).is_err());
        assert!(worst_error(&[3.1], &[around(3.0, 0.0)]).is_err());
    }
}
