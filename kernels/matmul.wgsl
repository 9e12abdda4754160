// C = A B, row-major, A of m x k, B of k x n. Below is the textbook kernel, which reads both operands from memory for
// every product; the blocked ones are generated, with every inner loop written out (src/kernels/matmul.rs).
//
// The operands are bound as vectors of four where their rows divide by four, else as scalars; the generated text has
// the accessors for either: a4, b4 (four neighbours in a row), a1, b1 (one element), store4 (guarded).
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;

@compute @workgroup_size(64)
fn naive(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
         @builtin(local_invocation_index) lane: u32) {
    let i = group_index(group, groups) * 64u + lane;
    let row = i / p.n;
    let column = i % p.n;
    if row >= p.m { return; }
    var sum = 0.0;
    for (var kk = 0u; kk < p.k; kk++) { sum = fma(a_at(row, kk), b_at(kk, column), sum); }
    store1(row, column, sum);
}
