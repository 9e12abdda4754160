//! Numbers that count what is done to them and buffers that remember which of their elements were touched.

use std::cell::{Cell, RefCell};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use onpar::kernels::Work;

thread_local! {
    static OPERATIONS: Cell<u64> = const { Cell::new(0) };
}

/// A number whose every sum, difference, product, quotient and function counts as one operation. Negation flips a bit
/// and counts as none; so does comparing.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Number(pub(crate) f64);

fn counted(value: f64) -> Number {
    OPERATIONS.set(OPERATIONS.get() + 1);
    Number(value)
}

impl Number {
    pub(crate) const ZERO: Self = Self(0.0);
    pub(crate) const ONE: Self = Self(1.0);

    pub(crate) fn exp(self) -> Self {
        counted(self.0.exp())
    }

    pub(crate) fn ln(self) -> Self {
        counted(self.0.ln())
    }

    pub(crate) fn sqrt(self) -> Self {
        counted(self.0.sqrt())
    }
}

impl Add for Number {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        counted(self.0 + other.0)
    }
}

impl Sub for Number {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        counted(self.0 - other.0)
    }
}

impl Mul for Number {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        counted(self.0 * other.0)
    }
}

impl Div for Number {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        counted(self.0 / other.0)
    }
}

impl AddAssign for Number {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Neg for Number {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// What a convention leaves out: `body` runs, reads and writes, but its operations do not count.
pub(crate) fn uncounted<T>(body: impl FnOnce() -> T) -> T {
    let before = OPERATIONS.get();
    let value = body();
    OPERATIONS.set(before);
    value
}

/// An array in memory.
pub(crate) struct Buffer {
    bytes_of_element: u64,
    values: RefCell<Vec<f64>>,
    read: RefCell<Vec<bool>>,
    written: RefCell<Vec<bool>>,
}

impl Buffer {
    /// Elements of arbitrary but fixed values in (-1, 1), no two of a small buffer alike.
    pub(crate) fn input(elements: u64, bytes_of_element: u64) -> Self {
        let value = |i: u64| ((i * 7919 + elements * 104_729) % 1009) as f64 / 505.0 - 0.999;
        Self::of((0..elements).map(value).collect(), bytes_of_element)
    }

    pub(crate) fn output(elements: u64, bytes_of_element: u64) -> Self {
        Self::of(vec![f64::NAN; elements as usize], bytes_of_element)
    }

    pub(crate) fn of(values: Vec<f64>, bytes_of_element: u64) -> Self {
        let untouched = vec![false; values.len()];
        Self {
            bytes_of_element,
            values: RefCell::new(values),
            read: RefCell::new(untouched.clone()),
            written: RefCell::new(untouched),
        }
    }

    pub(crate) fn get(&self, index: u64) -> Number {
        self.read.borrow_mut()[index as usize] = true;
        Number(self.values.borrow()[index as usize])
    }

    pub(crate) fn set(&self, index: u64, value: Number) {
        self.written.borrow_mut()[index as usize] = true;
        self.values.borrow_mut()[index as usize] = value.0;
    }

    /// The values, without touching them.
    pub(crate) fn values(&self) -> Vec<f64> {
        self.values.borrow().clone()
    }

    fn bytes(&self, touched: &RefCell<Vec<bool>>) -> u64 {
        touched.borrow().iter().filter(|touched| **touched).count() as u64 * self.bytes_of_element
    }
}

/// Walks through a loop nest over fresh buffers and counts.
pub(crate) fn walk(buffers: &[&Buffer], body: impl FnOnce()) -> Work {
    OPERATIONS.set(0);
    body();
    Work {
        operations: OPERATIONS.get(),
        read: buffers.iter().map(|buffer| buffer.bytes(&buffer.read)).sum(),
        written: buffers.iter().map(|buffer| buffer.bytes(&buffer.written)).sum(),
    }
}

/// That `gradient` is the derivative of `loss`, element by element, of what depends on `at`.
pub(crate) fn assert_gradient(at: &[f64], gradient: &[f64], loss: impl Fn(&[f64]) -> f64) {
    const STEP: f64 = 1e-5;
    assert_eq!(at.len(), gradient.len());
    for (i, expected) in gradient.iter().enumerate() {
        let moved = |step| {
            let mut at = at.to_vec();
            at[i] += step;
            loss(&at)
        };
        let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        assert!(
            (slope - expected).abs() < 1e-6,
            "element {i}: {expected}, but the slope is {slope}"
        );
    }
}
