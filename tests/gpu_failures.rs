//! What goes wrong on a real driver becomes a failure with its reason, or a row with one, and the rest is measured.
//!
//! Where there is no adapter the trials are shown as ignored. `ONPAR_DEVICE` chooses the device.

#[path = "common/program.rs"]
mod program;

use libtest_mimic::{Arguments, Failed, Trial};
use onpar::device::{Checks, Device, Failure, Selection, list, open};
use onpar::kernels::{Buffer, Case, Needs, Precision, Shader, Step, Variant, find};
use onpar::measure::{Clock, Effort, Event, Item, Limits, Row, Settings, Status, measure};

const COPY: &str = "copy/f32/-/n=4096/hot";

fn main() {
    let arguments = Arguments::from_args();
    let absent = list().is_empty();
    let facts = |device: Box<dyn Device>| device.facts().clone();
    let has_f16 = !absent && open(&selection()).is_ok_and(|device| facts(device).features.f16);
    let trial = |name: &str, lacks: bool, run: fn(&mut dyn Device)| {
        let run = move || {
            let mut device = open(&selection())?;
            run(&mut *device);
            // Whatever happened, the device goes on.
            assert_eq!(row(&mut *device, COPY).status, Status::Ok);
            // wgpu cannot do without thread-locals of its own while a device goes.
            Box::leak(device);
            Ok::<(), Failed>(())
        };
        Trial::test(name, run).with_ignored_flag(absent || lacks)
    };
    let mut trials = vec![
        trial(
            "a_shader_that_does_not_compile_is_an_error_that_says_where",
            false,
            shader,
        ),
        trial("a_program_that_needs_more_than_there_is_is_unsupported", false, needs),
        trial("a_buffer_beyond_a_limit_is_unsupported_and_names_it", false, limit),
        trial("a_buffer_that_the_driver_refuses_is_an_error", false, refused),
        trial("f16_where_there_is_none_is_unsupported", has_f16, no_f16),
    ];
    #[cfg(target_os = "linux")]
    for (name, run) in program_trials::ALL {
        let run = move || {
            run();
            Ok(())
        };
        trials.push(Trial::test(*name, run).with_ignored_flag(absent));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn selection() -> Selection {
    Selection::from(std::env::var("ONPAR_DEVICE").ok().as_deref())
}

fn case(name: &str) -> Case {
    name.parse().expect("a case")
}

/// The row of a case.
fn row(device: &mut dyn Device, name: &str) -> Row {
    let settings = Settings {
        run: 1,
        seed: 1,
        all_variants: false,
        checks: false,
        clock: Clock::Device,
        effort: Effort {
            limits: Limits {
                least: 8,
                most: 8,
                seconds: 0.01,
                half_width: 0.5,
            },
            warm_up: (0.0, 0.0),
        },
    };
    let item = Item::new(0, case(name));
    let mut rows = Vec::new();
    measure(device, &item, &settings, &mut |event| {
        if let Event::Row(row) = event {
            rows.push(row);
        }
    });
    rows.pop().expect("a row")
}

/// A variant of the copy, to be broken.
fn variant() -> Variant {
    let kernel = find("copy").expect("the kernel");
    (kernel.variants)(&case(COPY)).swap_remove(0)
}

/// Its only step.
fn shader_of(variant: &mut Variant) -> &mut Shader {
    let [Step::Shader(shader)] = &mut variant.program.steps[..] else {
        panic!("not one shader")
    };
    shader
}

#[track_caller]
fn assert_fails(device: &mut dyn Device, variant: &Variant, expected: fn(String) -> Failure, parts: &[&str]) {
    for checks in [Checks::On, Checks::Off] {
        let failure = device.compile(&case(COPY), variant, checks).expect_err("it fails");
        let reason = failure.to_string();
        assert_eq!(failure, expected(reason.clone()));
        for part in parts {
            assert!(reason.contains(part), "{part} is not in {reason}");
        }
    }
}

/// Text that is no WGSL, WGSL that contradicts itself, and a shader without the entry point.
fn shader(device: &mut dyn Device) {
    for (text, part) in [
        ("\nfn broken( {", "fn broken( {"),
        ("\nfn broken() -> u32 { return 1.5f; }", "broken"),
        ("\nfn broken() -> u32 { return nosuch; }", "nosuch"),
    ] {
        let mut broken = variant();
        shader_of(&mut broken).source += text;
        assert_fails(
            device,
            &broken,
            Failure::Error,
            &["the shader does not compile: ", part],
        );
    }
    let mut elsewhere = variant();
    shader_of(&mut elsewhere).entry = "nosuch";
    assert_fails(
        device,
        &elsewhere,
        Failure::Error,
        &["the shader does not compile: ", "nosuch"],
    );
}

fn needs(device: &mut dyn Device) {
    for (needs, part) in [
        (
            Needs {
                invocations: 1 << 20,
                ..Needs::default()
            },
            "needs 1048576 invocations a workgroup (this device: ",
        ),
        (
            Needs {
                workgroup_memory: 1 << 30,
                ..Needs::default()
            },
            "needs 1073741824 bytes of workgroup memory (this device: ",
        ),
    ] {
        let mut demanding = variant();
        demanding.program.needs = needs;
        assert_fails(device, &demanding, Failure::Unsupported, &[part]);
    }
}

/// One element more than a buffer may have.
fn limit(device: &mut dyn Device) {
    let limits = device.facts().limits;
    let (bytes, name) = if limits.binding < limits.buffer {
        (limits.binding, "max_storage_buffer_binding_size")
    } else {
        (limits.buffer, "max_buffer_size")
    };
    let row = row(device, &format!("copy/f32/-/n={}/hot", bytes / 4 + 1));
    assert_eq!(row.status, Status::Unsupported, "{}", row.reason);
    assert!(
        row.reason.ends_with(&format!("(this device: {bytes}, its {name})")),
        "{}",
        row.reason
    );
}

/// As the case that slipped through every check.
fn refused(device: &mut dyn Device) {
    let elements = device.facts().limits.buffer / 4 + 4;
    let buffers = [Buffer::input(elements, Precision::F32, 0.0, 1.0)];
    let failure = device.allocate(&buffers).expect_err("it is refused");
    let reason = failure.to_string();
    assert_eq!(failure, Failure::Error(reason.clone()));
    assert!(reason.starts_with("no room for buffers of "), "{reason}");
}

fn no_f16(device: &mut dyn Device) {
    let mut half = variant();
    half.program.needs.f16 = true;
    assert_fails(
        device,
        &half,
        Failure::Unsupported,
        &["needs f16 arithmetic in shaders"],
    );
}

/// The whole program on the device, and something done to its worker in the middle of the second of three cases.
#[cfg(target_os = "linux")]
mod program_trials {
    use onpar::measure::Status;
    use onpar::record::{Seal, Session};

    use super::program::{Running, onpar, sessions_in, signal, wait_until};

    /// The host alone needs a while for the right answer of the second.
    const CASES: [&str; 3] = [
        super::COPY,
        "matmul/f32/nn/k=1024,m=1024,n=1024/hot",
        "copy/f32/-/n=4099/hot",
    ];

    pub(super) const ALL: &[(&str, fn())] = &[
        ("a_worker_that_crashes_costs_one_case", crash),
        ("a_worker_that_is_stuck_costs_one_case", stuck),
    ];

    #[track_caller]
    fn with_second_case(timeout: &str, disturb: impl Fn(u32, &Running), status: Status, reason: &str) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = onpar(&["run", "--out", "out", "--order", "sequential", "--timeout", timeout]);
        if let Ok(device) = std::env::var("ONPAR_DEVICE") {
            command.args(["--device", &device]);
        }
        command
            .args(CASES.iter().flat_map(|case| ["--case", case]))
            .current_dir(&folder);
        let running = Running::start(command);
        let out = folder.path().join("out");
        let journal = || {
            let folder = sessions_in(&out).into_iter().next();
            folder
                .and_then(|folder| std::fs::read_to_string(folder.join(onpar::record::JOURNAL)).ok())
                .unwrap_or_default()
        };
        // What follows the second look at the machine is the second case; a worker that ends before costs no case.
        wait_until("the second case", || {
            journal().matches(r#""kind":"pulse""#).count() == 2
        });
        disturb(running.workers()[0], &running);
        let ended = running.end();
        assert_eq!(ended.code, Some(3), "{ended:?}");
        let session = Session::read(&sessions_in(&out)[0]).expect("a session");
        let rows: Vec<_> = session
            .rows()
            .map(|finished| (finished.row.case.to_string(), finished.row.status))
            .collect();
        let expected = [Status::Ok, status, Status::Ok];
        assert_eq!(
            rows,
            CASES.map(str::to_owned).into_iter().zip(expected).collect::<Vec<_>>()
        );
        assert_eq!(session.seal, Seal::Valid);
        let failed = session.rows().nth(1).expect("a row").row.reason.clone();
        assert!(failed.starts_with(reason), "{failed}");
    }

    /// The runtime of Rust takes the first SEGV that no instruction caused for itself.
    fn crash() {
        let kill = |worker: u32, running: &Running| {
            wait_until("it is dead", || {
                signal("SEGV", worker);
                !running.workers().contains(&worker)
            });
        };
        let reason = "the measuring process came to an end: signal 11 (SIGSEGV)";
        with_second_case("120", kill, Status::Error, reason);
    }

    /// A process that is stopped gives no more signs of life than one whose driver never comes back.
    fn stuck() {
        let stop = |worker: u32, _: &Running| signal("STOP", worker);
        let reason = "nothing came back for 3 s; the process was ended";
        with_second_case("3", stop, Status::Timeout, reason);
    }
}
