//! The `onpar` program.

fn main() {}
