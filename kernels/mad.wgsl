// Chains of dependent integer multiply-adds, two registers a chain. The entry point is generated (src/kernels/mad.rs).
struct Params { first: u32, end: u32, elements: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn load(i: u32) -> u32 { return x[min(i, p.elements - 1u)]; }

fn store(i: u32, value: u32) {
    if i < p.elements { y[i] = value; }
}
