// One workgroup of one invocation that stores one number: the least a dispatch can do and still be proved.
struct Params { first: u32, end: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(1)
fn main() {
    y[p.first] = 1.0;
}
