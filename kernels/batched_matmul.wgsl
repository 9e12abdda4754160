// C = A B for operands that lie one after the other; all else as in kernels/matmul.wgsl.
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;
