// From element to element of a cycle: each load has to wait for the one before, so nothing but its latency counts.
struct Params { first: u32, end: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> next: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
