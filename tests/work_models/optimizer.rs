//! One step of AdamW, parameter by parameter. What depends on the step alone is a constant.

use onpar::kernels::{Case, Work};

use crate::meter::{Buffer, Number, walk};

const RATE: Number = Number(1e-3);
const DECAY: Number = Number(0.1);
const EPSILON: Number = Number(1e-8);
const BETA: [Number; 2] = [Number(0.9), Number(0.95)];
/// 1 - beta, and 1 / (1 - beta^t) at some step t.
const REST: [Number; 2] = [Number(0.1), Number(0.05)];
const CORRECTION: [Number; 2] = [Number(5.3), Number(10.3)];

pub(crate) fn adamw(case: &Case) -> Work {
    let (n, bytes) = (case.extent("n"), case.element_bytes());
    let [p, m, v, g] = [0, 1, 2, 3].map(|_| Buffer::input(n, bytes));
    let v = Buffer::of(v.values().iter().map(|value| value.abs()).collect(), bytes);
    let copy = match case.layout.as_str() {
        "" => None,
        "f8" | "i8" => Some(Buffer::output(n, 1)),
        _ => Some(Buffer::output(n, 2)),
    };
    let buffers: Vec<_> = [&p, &m, &v, &g].into_iter().chain(&copy).collect();
    walk(&buffers, || {
        for i in 0..n {
            let gradient = g.get(i);
            m.set(i, BETA[0] * m.get(i) + REST[0] * gradient);
            v.set(i, BETA[1] * v.get(i) + REST[1] * gradient * gradient);
            let (first, second) = (m.get(i) * CORRECTION[0], v.get(i) * CORRECTION[1]);
            let update = first / (second.sqrt() + EPSILON) + DECAY * p.get(i);
            p.set(i, p.get(i) - RATE * update);
            if let Some(copy) = &copy {
                copy.set(i, p.get(i));
            }
        }
    })
}
