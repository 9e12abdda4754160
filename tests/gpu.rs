//! Every kernel, variant and size gives the right answer on a real driver, with and without run-time checks.
//!
//! Where there is no adapter, or it lacks what a case needs, the trials are shown as ignored. `ONPAR_DEVICE` chooses the device.

use std::cell::RefCell;

use libtest_mimic::{Arguments, Failed, Trial};
use onpar::device::{Checks, Device, Failure, Selection, list, open};
use onpar::kernels::{Case, Expected, Kernel, Precision, REGISTRY, Shape, decode, encode, find, poison};
use onpar::measure::{Clock, Effort, Event, Item, Limits, Settings, Status, measure, self_test};

fn main() {
    let arguments = Arguments::from_args();
    let absent = list().is_empty();
    let features = open(&selection()).ok().map(|device| device.facts().features);
    let lacking = |case: &Case| match case.precision {
        Some(Precision::F16) => !features.is_some_and(|features| features.f16),
        Some(Precision::F64) => !features.is_some_and(|features| features.f64),
        _ => false,
    };
    let mut trials: Vec<Trial> = REGISTRY
        .iter()
        .flat_map(|kernel| cases(kernel))
        .map(|case| proves(&case).with_ignored_flag(absent || lacking(&case)))
        .collect();
    trials.extend(
        hostile_attention()
            .into_iter()
            .map(|trial| trial.with_ignored_flag(absent)),
    );
    trials.push(Trial::test("timer/self_test_answers", timer).with_ignored_flag(absent));
    libtest_mimic::run(&arguments, trials).exit();
}

fn selection() -> Selection {
    Selection::from(std::env::var("ONPAR_DEVICE").ok().as_deref())
}

thread_local! {
    /// A device for all trials of a thread: it compiles each shader once, whatever the sizes. It is never dropped, since
    /// wgpu cannot do without thread-locals of its own while it goes.
    static DEVICE: RefCell<Option<&'static mut dyn Device>> = const { RefCell::new(None) };
}

fn with_device<T>(use_it: impl FnOnce(&mut dyn Device) -> T) -> Result<T, Failed> {
    DEVICE.with_borrow_mut(|device| {
        if device.is_none() {
            *device = Some(Box::leak(open(&selection())?));
        }
        let device = device.as_mut().ok_or("no device")?;
        Ok(use_it(&mut **device))
    })
}

/// Sizes that are one, odd, prime, not multiples of four or of a tile, and ordinary.
fn cases(kernel: &Kernel) -> Vec<Case> {
    let lengths = [1, 3, 4, 5, 127, 4096, 4099, 16_384, 100_003];
    let shapes: Vec<Shape> = match kernel.extents {
        [] => vec![Shape::default()],
        [(name, _)] => lengths.iter().map(|n| Shape::new(&[(name, *n)])).collect(),
        // Some thousand reads for each element: large shapes take minutes in checked shaders of software drivers.
        [("n", "tiles"), ("steps", _)] => [(1, 1), (3, 17), (2, 255), (5, 1000)]
            .map(|(n, steps)| Shape::new(&[("n", n), ("steps", steps)]))
            .to_vec(),
        [("n", _), ("steps", _)] => [
            (1, 1),
            (3, 16),
            (130, 255),
            (1000, 256),
            (777, 257),
            (512, 1024),
            (65, 4097),
        ]
        .map(|(n, steps)| Shape::new(&[("n", n), ("steps", steps)]))
        .to_vec(),
        [("b", _), ("hq", _), ..] => attention_shapes(kernel),
        _ => product_shapes(kernel),
    };
    let layouts: Vec<&str> = if kernel.layouts.is_empty() {
        vec![""]
    } else {
        kernel.layouts.iter().map(|l| l.0).collect()
    };
    let precisions: Vec<Option<Precision>> = if kernel.precisions.is_empty() {
        vec![None]
    } else {
        kernel.precisions.iter().copied().map(Some).collect()
    };
    let mut cases = Vec::new();
    for precision in precisions {
        for layout in &layouts {
            cases.extend(shapes.iter().map(|shape| Case {
                kernel: kernel.name.to_owned(),
                precision,
                layout: (*layout).to_owned(),
                shape: shape.clone(),
                cache: onpar::kernels::Cache::Hot,
            }));
        }
    }
    cases.retain(|case| kernel.check(case).is_ok() && is_needed(case));
    cases
}

/// Products, several of each shape where a kernel takes a number of them.
fn product_shapes(kernel: &Kernel) -> Vec<Shape> {
    let number = kernel
        .extents
        .iter()
        .map(|(name, _)| *name)
        .find(|name| !["m", "n", "k"].contains(name));
    let shape = |&(m, n, k): &(u64, u64, u64)| {
        let several = number.map(|number| (number, 3));
        let extents: Vec<_> = [("m", m), ("n", n), ("k", k)].into_iter().chain(several).collect();
        Shape::new(&extents)
    };
    PRODUCTS.iter().map(shape).collect()
}

/// The last two are what every kernel of products is proved at, in every precision and layout: they share their loops.
const PRODUCTS: [(u64, u64, u64); 10] = [
    (1, 1, 1),
    (1, 7, 5),
    (5, 1, 3),
    (3, 4, 8),
    (64, 64, 64),
    (130, 68, 36),
    (1, 520, 260),
    (257, 3, 515),
    (17, 31, 13),
    (68, 132, 100),
];

/// Drivers take seconds to compile loops over elements that are read one by one, so not everything is proved at every size:
/// plain products in f32 are, those transposed at four sizes, those in other precisions at two, other products at those with a precision for each
/// layout.
fn is_needed(case: &Case) -> bool {
    let of_products = ["matmul_w8", "batched_matmul", "grouped_matmul"].contains(&case.kernel.as_str());
    let shape = (case.extent("m"), case.extent("n"), case.extent("k"));
    match (case.kernel.as_str(), case.precision, case.layout.as_str()) {
        ("matmul", Some(Precision::F32), "nn") => true,
        ("matmul", Some(Precision::F32), _) => PRODUCTS[6..].contains(&shape),
        ("matmul", _, _) => PRODUCTS[8..].contains(&shape),
        (_, Some(Precision::F32), "nn") | (_, Some(Precision::F16), "nt") | (_, Some(Precision::Bf16), "tn") => {
            !of_products || PRODUCTS[8..].contains(&shape)
        }
        _ => !of_products,
    }
}

/// One, four and eight query heads to a kv head; one, few, odd and many keys; head dimensions 64 and 128; and one of
/// everything that divides by nothing, with values that are longer than keys.
fn attention_shapes(kernel: &Kernel) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let heads = [
        (64, 64, 1, 2, 1),
        (64, 64, 4, 1, 2),
        (64, 64, 8, 1, 1),
        (128, 128, 4, 1, 1),
        (20, 36, 3, 2, 1),
    ];
    for (d, dv, group, hkv, b) in heads {
        for keys in [1, 7, 64, 257, 1000] {
            // Long prompts and wide heads together take minutes in checked shaders of software drivers.
            let queries = if keys > 300 { 70 } else { keys };
            let all = [
                ("b", b),
                ("hq", group * hkv),
                ("hkv", hkv),
                ("sq", queries),
                ("skv", keys),
                ("d", d),
                ("dv", dv),
            ];
            let named = |name: &str| kernel.extents.iter().any(|(extent, _)| *extent == name);
            let extents: Vec<_> = all.into_iter().filter(|(name, _)| named(name)).collect();
            shapes.push(Shape::new(&extents));
        }
    }
    shapes
}

/// One trial a case: all its variants, each proved, the fastest also in a timed batch.
fn proves(case: &Case) -> Trial {
    let case = case.clone();
    Trial::test(format!("proves/{case}"), move || {
        let settings = Settings {
            run: 1,
            seed: 42,
            all_variants: true,
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
        let item = Item::new(0, case);
        let mut complaints = Vec::new();
        let mut proved = 0;
        let status = with_device(|device| {
            measure(device, &item, &settings, &mut |event| match event {
                Event::Candidate(c) if c.status == Status::Ok => proved += 1,
                // A device may lack what a variant needs; nothing else is an excuse.
                Event::Candidate(c) if c.status == Status::Unsupported => {}
                Event::Candidate(c) => complaints.push(format!("{}: {:?}: {}", c.variant, c.status, c.reason)),
                Event::Row(row) if row.status != Status::Ok => {
                    complaints.push(format!("row: {:?}: {}", row.status, row.reason));
                }
                _ => {}
            })
        })?;
        if status == Status::Ok && complaints.is_empty() && proved > 0 {
            return Ok(());
        }
        Err(Failed::from(format!(
            "{proved} variants proved\n{}",
            complaints.join("\n")
        )))
    })
}

/// A value for an element of queries (0), keys (1) or values (2).
type Fill = fn(buffer: usize, element: usize) -> f64;

/// Inputs that break a careless softmax: one key that outweighs all others, weights that are all alike, scores whose
/// exponentials overflow unless the largest is taken off first, and scores that grow from key to key, so that every
/// block of keys rescales what came before.
const HOSTILE: [(&str, Fill); 4] = [
    ("one_dominant_key", |buffer, i| match buffer {
        1 if i / 64 == 100 => 8.0,
        1 => 0.001 * wave(i),
        2 => wave(i),
        _ => 1.0,
    }),
    ("all_equal", |buffer, i| if buffer == 2 { wave(i) } else { 0.5 }),
    ("large_magnitudes", |buffer, i| {
        if buffer == 2 {
            wave(i)
        } else {
            30.0 * wave(i + 7 * buffer)
        }
    }),
    ("rising_scores", |buffer, i| match buffer {
        0 => 1.0,
        1 => (i / 64) as f64 / 16.0,
        _ => wave(i),
    }),
];

/// Something between -1 and 1 that is different everywhere, and the same every time.
fn wave(i: usize) -> f64 {
    (i as f64 * 0.7).sin()
}

fn hostile_attention() -> Vec<Trial> {
    let names = [
        "attention_prefill/f32/causal/b=1,d=64,dv=64,hkv=1,hq=4,skv=257,sq=130/hot",
        "attention_prefill/f32/full/b=1,d=64,dv=64,hkv=1,hq=4,skv=257,sq=130/hot",
        "attention_decode/f32/-/b=1,d=64,dv=64,hkv=1,hq=4,skv=257/hot",
    ];
    let trial = |name: &str, what: &str, fill: Fill| {
        let case: Case = name.parse().expect("a case");
        Trial::test(format!("survives/{what}/{case}"), move || {
            with_device(|device| survives(device, &case, fill))?.map_err(Failed::from)
        })
    };
    names
        .iter()
        .flat_map(|name| HOSTILE.iter().map(move |(what, fill)| trial(name, what, *fill)))
        .collect()
}

/// Every variant of a case on given inputs, with and without run-time checks.
fn survives(device: &mut dyn Device, case: &Case, fill: Fill) -> Result<(), String> {
    let kernel = find(&case.kernel).ok_or("no kernel")?;
    let buffers = (kernel.buffers)(case);
    let values: Vec<Vec<f64>> = (0..3)
        .map(|b| {
            (0..buffers[b].elements as usize)
                .map(|i| f64::from(fill(b, i) as f32))
                .collect()
        })
        .collect();
    let expected = (kernel.reference)(case, &values);
    let allocation = device.allocate(&buffers).map_err(|f| f.to_string())?;
    for (index, values) in values.iter().enumerate() {
        device
            .write(allocation, index, &encode(values, Precision::F32))
            .map_err(|f| f.to_string())?;
    }
    let mut ran = 0;
    for variant in (kernel.variants)(case) {
        for checks in [Checks::On, Checks::Off] {
            let pipeline = match device.compile(case, &variant, checks) {
                Ok(pipeline) => pipeline,
                Err(Failure::Unsupported(_)) => continue,
                Err(failure) => return Err(format!("{}: {failure}", variant.name)),
            };
            device
                .write(allocation, 3, &poison(&buffers[3]))
                .map_err(|f| f.to_string())?;
            device.launch(pipeline, allocation, 1).map_err(|f| f.to_string())?;
            let output = device.read(allocation, 3).map_err(|f| f.to_string())?;
            let output = decode(&output, buffers[3].elements, Precision::F32);
            for (i, (value, right)) in output.iter().zip(&expected[0]).enumerate() {
                let error = (value - right.value).abs();
                if error.is_nan() || error > right.tolerance {
                    let Expected {
                        value: wanted,
                        tolerance,
                    } = right;
                    return Err(format!(
                        "{} {checks:?}: element {i} is {value:e}, expected {wanted:e} within {tolerance:e}",
                        variant.name
                    ));
                }
            }
            device.discard(pipeline);
            ran += 1;
        }
    }
    device.free(allocation);
    if ran == 0 {
        Err("no variant ran".to_owned())
    } else {
        Ok(())
    }
}

/// The self-test itself must come to a finding on every driver, good clock or bad.
fn timer() -> Result<(), Failed> {
    let report = with_device(self_test)?.map_err(|failure| failure.to_string())?;
    if report.checks.is_empty() {
        return Err("no checks were made".into());
    }
    Ok(())
}
