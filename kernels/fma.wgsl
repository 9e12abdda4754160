// Chains of dependent multiply-adds, one chain an element. The entry point is generated for each number of chains that
// an invocation runs side by side (src/kernels/fma.rs); the constants of the chains come from there too, and Element, the
// precision of both storage and arithmetic.
struct Params { first: u32, end: u32, elements: u32, steps: u32, walk: vec4<f32> }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<Element>;
@group(0) @binding(2) var<storage, read_write> y: array<Element>;

fn load(i: u32) -> Element { return x[min(i, p.elements - 1u)]; }

fn store(i: u32, value: Element) {
    if i < p.elements { y[i] = value; }
}
