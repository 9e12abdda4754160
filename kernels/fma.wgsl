// Chains of dependent multiply-adds, one chain an element. The entry point is generated for each number of chains that
// an invocation runs side by side (src/kernels/fma.rs); the constants of the chains come from there too.
struct Params { first: u32, end: u32, elements: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn load(i: u32) -> f32 { return x[min(i, p.elements - 1u)]; }

fn store(i: u32, value: f32) {
    if i < p.elements { y[i] = value; }
}
