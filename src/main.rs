//! The `onpar` program.

fn main() -> std::process::ExitCode {
    onpar::cli::main()
}
