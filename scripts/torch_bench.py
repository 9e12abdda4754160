#!/usr/bin/env python3
"""Measures cases of onpar with PyTorch, by the same rules, and writes a table that `onpar compare` and `onpar import` read.

For accelerators that have no Vulkan, Metal or DirectX driver but a PyTorch: `--device cuda`, `cpu`, or whatever name a
back end has given itself (`npu`, `xpu`, `mps`, ...; `--import MODULE` loads one that does not load itself).

    scripts/torch_bench.py --like SESSION --device cpu --runs 10 > torch.csv
    onpar compare torch.csv SESSION

The cases are those of a session (`--like`), of a suite (`--suite`, asked of `onpar list --json`), or named (`--case`).
matmul, attention_prefill, attention_decode, copy, read, triad and write are measured; others are named on standard error
and left out. Each run is a process of its own, with its own warm-up; its value for a case is the median of its samples. A sample is
a batch that is long enough, on inputs that are drawn anew in each run. Before it is timed, the answer is held against one
in f64 on the host, every element of it for small cases and some rows of it for large ones; a case that is wrong is
reported and not written. To onpar the rows are unproved all the same, since it has not seen that.

Time is taken from the device's events where they agree with the host's clock, and else from the host's clock around
synchronised batches, as the difference between a batch and one twice as long, which cancels what starting one costs.
Nothing is written but the table, to standard output or to `--out`.
"""

import argparse
import csv
import importlib
import json
import math
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

# The rules of onpar (docs/methodology.md, "Time").
WARM_UP_SECONDS = (0.2, 2.0)
SAMPLE_SECONDS = {"events": 3e-3, "wall": 20e-3}
FEWEST_SAMPLES, FIRST_LOOK, MOST_SAMPLES = 16, 54, 2000
CASE_SECONDS = 0.8
TARGET = 0.01
DTYPES = {"f64": "float64", "f32": "float32", "f16": "float16", "bf16": "bfloat16"}


class Unsupported(Exception):
    """Why a case is left out."""


class Wrong(Exception):
    """How far an answer is from the reference."""


def parse(name):
    parts = name.split("/")
    if len(parts) != 5:
        raise Unsupported("not a case name: kernel/precision/layout/shape/cache")
    kernel, precision, layout, shape, cache = parts
    if cache != "hot":
        raise Unsupported("only hot cases are measured")
    extents = {} if shape == "-" else {k: int(v) for k, v in (part.split("=") for part in shape.split(","))}
    return kernel, precision, layout, extents


class Device:
    """A PyTorch back end: where tensors live, how to wait for it, and which clock to believe."""

    def __init__(self, name, clock):
        import torch
        self.torch, self.name = torch, name
        torch.seed()
        device = torch.device(name)
        self.kind = device.type
        self.module = getattr(torch, self.kind, None)
        torch.zeros(1).to(device)
        if self.kind != "cpu" and not hasattr(self.module, "synchronize"):
            raise RuntimeError(f"torch.{self.kind} cannot be waited for; a back end is loaded with --import MODULE")
        if device.index is not None and hasattr(self.module, "set_device"):
            # Events and waiting are the present device's.
            self.module.set_device(device)
        # Products of f32 are products of f32, and sums of products are f32, as in onpar.
        torch.set_float32_matmul_precision("highest")
        if self.kind == "cuda":
            torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
            torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
        self.clock = clock if clock != "auto" else self.choose_clock()

    def synchronise(self):
        if self.kind != "cpu":
            self.module.synchronize()

    def describe(self):
        if self.kind == "cpu":
            return f"{processor()}, {self.torch.get_num_threads()} threads"
        get_name = getattr(self.module, "get_device_name", None)
        return get_name() if get_name else self.name

    def choose_clock(self):
        """Events, if they agree to 5 % with the host's clock over a batch that takes long enough to tell."""
        if self.kind == "cpu" or not hasattr(self.module, "Event"):
            return "wall"
        try:
            a = self.torch.randn(1024, 1024, device=self.name)
            def work():
                return a @ a
            self.wall(work, 10)
            repeats = max(20, int(0.2 / max(self.wall(work, 20), 1e-7)))
            by_events, by_wall = self.events(work, repeats), self.wall(work, repeats)
            return "events" if abs(by_events / by_wall - 1) < 0.05 else "wall"
        except (RuntimeError, TypeError):
            return "wall"

    def wall(self, work, repeats):
        """Seconds of one repeat."""
        self.synchronise()
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        self.synchronise()
        return (time.perf_counter() - start) / repeats

    def events(self, work, repeats):
        start, end = (self.module.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(repeats):
            work()
        end.record()
        self.synchronise()
        return start.elapsed_time(end) * 1e-3 / repeats

    def sample(self, work, repeats):
        if self.clock == "events":
            return self.events(work, repeats)
        for _ in range(10):
            once, twice = self.wall(work, repeats) * repeats, self.wall(work, 2 * repeats) * 2 * repeats
            # On a busy host the difference may come out negative.
            if twice > once:
                break
        return (twice - once) / repeats


def processor():
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def prepare(device, name):
    """What to time, and what its answer has to be: (work, check)."""
    torch = device.torch
    kernel, precision, layout, extents = parse(name)
    makers = {"matmul": matmul, "attention_prefill": attention, "attention_decode": attention, "copy": copy,
              "read": read, "triad": triad, "write": write}
    if kernel not in makers:
        raise Unsupported(f"kernel {kernel} is not measured here")
    if precision not in DTYPES:
        raise Unsupported(f"precision {precision} is not measured here")
    dtype = getattr(torch, DTYPES[precision])

    def draw(*shape):
        return (torch.rand(*shape, dtype=torch.float32) * 2 - 1).to(dtype).to(device.name)
    return makers[kernel](torch, draw, layout, extents)


def matmul(torch, draw, layout, e):
    m, n, k = e["m"], e["n"], e["k"]
    a = draw(m, k) if layout[0] == "n" else draw(k, m).t()
    b = draw(k, n) if layout[1] == "n" else draw(n, k).t()
    c = torch.empty(m, n, dtype=a.dtype, device=a.device)
    rows = some(m, n * k)

    def check():
        expected = host(a[rows]) @ host(b)
        close(c[rows], expected, k)
    return (lambda: torch.mm(a, b, out=c)), check


def attention(torch, draw, layout, e):
    b, hq, hkv, skv, d, dv = (e[name] for name in ("b", "hq", "hkv", "skv", "d", "dv"))
    sq = e.get("sq", 1)
    q, k, v = draw(b, hq, sq, d), draw(b, hkv, skv, d), draw(b, hkv, skv, dv)
    causal = layout == "causal"
    # The last query sees the last key.
    mask = torch.ones(sq, skv, dtype=torch.bool).tril(skv - sq) if causal and sq != skv else None
    on_device = None if mask is None else mask.to(q.device)
    out = {}

    def work():
        out["o"] = torch.nn.functional.scaled_dot_product_attention(
            q, k, v, attn_mask=on_device, is_causal=causal and mask is None, enable_gqa=hq != hkv)
    rows = some(sq, hq * skv * d)

    def check():
        scores = host(q[:1, :, rows]) @ host(k[:1]).repeat_interleave(hq // hkv, 1).mT / math.sqrt(d)
        if causal:
            seen = torch.ones(sq, skv, dtype=torch.bool).tril(skv - sq)[rows]
            scores = scores.masked_fill(~seen, -math.inf)
        expected = scores.softmax(-1) @ host(v[:1]).repeat_interleave(hq // hkv, 1)
        close(out["o"][:1, :, rows], expected, skv)
    return work, check


def copy(torch, draw, _layout, e):
    x = draw(e["n"])
    y = torch.empty_like(x)
    return (lambda: y.copy_(x)), lambda: close(y, host(x), 0)


def read(torch, draw, _layout, e):
    x = draw(e["n"])
    out = {}
    # Sums of columns of blocks of 128 x 32, as in onpar, where the size has such blocks.
    blocks = x.view(-1, 128, 32) if e["n"] % 4096 == 0 else x.view(1, -1, 1)

    def work():
        out["sums"] = blocks.sum(1)
    return work, lambda: close(out["sums"], host(blocks).sum(1), blocks.shape[1])


def triad(torch, draw, _layout, e):
    x, y = draw(e["n"]), draw(e["n"])
    z = torch.empty_like(x)
    return (lambda: torch.add(x, y, alpha=0.5, out=z)), lambda: close(z, host(x) + 0.5 * host(y), 1)


def write(torch, draw, _layout, e):
    # One number, other than zero, for which there may be a shorter way.
    number, y = draw(1).item(), draw(e["n"])
    return (lambda: y.fill_(number)), lambda: close(y, torch.full_like(host(y), number), 0)


def some(rows, cost):
    """All rows where that is cheap on the host, else some that are spread over them."""
    count = max(1, min(rows, int(2e8 / cost)))
    return [i * rows // count for i in range(count)]


def host(tensor):
    """In f64 on the host; not every device has f64."""
    return tensor.cpu().double()


def close(found, expected, length):
    """The tolerance grows with the length of the sums, as in onpar, and allows for the output's own rounding."""
    eps = {"float64": 2**-53, "float32": 2**-24, "float16": 2**-11, "bfloat16": 2**-8}[str(found.dtype).split(".")[1]]
    scale = max(1.0, float(expected.abs().max()))
    error = float((host(found) - expected).abs().max())
    tolerance = eps * scale * (1 + 8 * math.sqrt(length)) if length else 0.0
    if not error <= tolerance:
        raise Wrong(f"an error of {error:.3g} where {tolerance:.3g} is allowed")


def half_width(samples):
    """Half the 99 % order-statistics interval of the median, relative to it."""
    n, ordered = len(samples), sorted(samples)
    probability, rank = 0.5**n, 0
    below = probability
    while rank + 1 <= n // 2 and 2 * below <= 0.01:
        rank += 1
        probability *= (n - rank + 1) / rank
        below += probability
    if rank == 0:
        return math.inf
    return (ordered[n - rank] - ordered[rank - 1]) / 2 / statistics.median(ordered)


def measure(device, name):
    """Seconds of one dispatch: warm up, size the batch, sample until the median is known to 1 % or the time is up."""
    work, check = prepare(device, name)
    work()
    device.synchronise()
    check()
    start, recent = time.perf_counter(), []
    while True:
        recent.append(device.wall(work, 1))
        elapsed = time.perf_counter() - start
        settled = len(recent) >= 16 and statistics.median(recent[-8:]) > 0.99 * statistics.median(recent[-16:-8])
        if elapsed > WARM_UP_SECONDS[1] or (elapsed > WARM_UP_SECONDS[0] and settled):
            break
    # Ten in a row, because a single one also waits for its start.
    once = device.wall(work, 10 if recent[-1] < 0.01 else 1)
    repeats = max(1, math.ceil(SAMPLE_SECONDS[device.clock] / max(once, 1e-9)))
    samples, look, start = [], FIRST_LOOK, time.perf_counter()
    while len(samples) < MOST_SAMPLES:
        samples.append(device.sample(work, repeats))
        if len(samples) < FEWEST_SAMPLES:
            continue
        if time.perf_counter() - start > CASE_SECONDS:
            break
        if len(samples) >= look:
            look = math.ceil(look * 1.25)
            if half_width(samples) <= TARGET:
                break
    check()
    median = statistics.median(samples)
    if median <= 0:
        raise Unsupported("too short for this clock")
    return median


def one_run(args, names):
    """A line of JSON for each case, and one about the device."""
    try:
        for module in ["torch", *args.imports]:
            importlib.import_module(module)
    except ImportError as error:
        sys.exit(f"{error}; run this with the Python that has PyTorch and the back end of --device")
    try:
        device = Device(args.device, args.clock)
    except (RuntimeError, AssertionError) as error:
        # An assertion is how PyTorch says that it was built without a back end.
        sys.exit(f"--device {args.device}: {first_line(error)}")
    software = f"PyTorch {device.torch.__version__} ({device.kind}, clock: {device.clock})"
    about = {"device": args.name or device.describe(), "software": software, "clock": device.clock}
    print(json.dumps(about), flush=True)
    for name in names:
        row = {"case": name}
        try:
            row["seconds"] = measure(device, name)
        except Unsupported as reason:
            row["left_out"] = str(reason)
        except Wrong as error:
            row["left_out"] = f"WRONG: {error}"
        except (RuntimeError, TypeError, ValueError, LookupError) as error:
            row["left_out"] = first_line(error)
        print(json.dumps(row), flush=True)


def first_line(error):
    return f"{type(error).__name__}: {error}".splitlines()[0]


def cases(args):
    if args.case:
        return args.case
    if args.like:
        path = Path(args.like)
        journal = path / "session.jsonl" if path.is_dir() else path
        try:
            with open(journal, encoding="utf-8") as lines:
                plan = json.loads(lines.readline())["plan"]
        except (OSError, ValueError, LookupError, TypeError) as error:
            sys.exit(f"--like {args.like}: no session of onpar: {error}")
        return list(dict.fromkeys(plan))
    try:
        listing = subprocess.run([args.onpar, "list", "--json"], stdout=subprocess.PIPE, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}; --onpar PATH says where onpar is, --like SESSION needs none")
    suites = {suite["name"]: suite["cases"] for suite in json.loads(listing)["suites"]}
    if args.suite not in suites:
        sys.exit(f"--suite {args.suite}: the suites are {', '.join(suites)}")
    return suites[args.suite]


def run_in_process(args, names, run):
    """The rows of one run, measured by a process of its own."""
    command = [sys.executable, __file__, "--one-run", "--device", args.device, "--clock", args.clock]
    command += ["--name", args.name] if args.name else []
    command += [part for module in args.imports for part in ("--import", module)]
    command += [part for name in names for part in ("--case", name)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    about, rows = None, []
    for line in process.stdout:
        row = json.loads(line)
        if about is None:
            about = row
        elif "seconds" in row:
            rows.append(row)
        elif run == 1:
            print(f"left out: {row['case']}: {row['left_out']}", file=sys.stderr)
    if process.wait() != 0 or about is None:
        sys.exit(f"run {run} ended with status {process.returncode}; nothing of it was written")
    print(f"run {run} of {args.runs}: {len(rows)} cases", file=sys.stderr)
    # All runs are timed by one clock.
    args.clock = about["clock"]
    return about, rows


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--like", metavar="SESSION", help="the cases of this session, its folder or its session.jsonl")
    source.add_argument("--suite", default="standard", help="the cases of this suite at full scale (standard)")
    source.add_argument("--case", action="append", help="this case; may be given several times")
    parser.add_argument("--filter", action="append", default=[], help="only cases whose names contain this")
    parser.add_argument("--device", default="cpu", help="the device as PyTorch names it (cpu)")
    parser.add_argument("--import", dest="imports", action="append", default=[], metavar="MODULE",
                        help="load this module first, for back ends that do not load themselves")
    parser.add_argument("--name", help="what to call the device; by default what PyTorch calls it")
    parser.add_argument("--clock", choices=["auto", "events", "wall"], default="auto")
    parser.add_argument("--runs", type=int, default=10, help="processes that measure everything (10)")
    parser.add_argument("--out", metavar="FILE.csv", help="where to write; standard output by default")
    parser.add_argument("--onpar", default="onpar", help="the program that is asked for the cases of a suite")
    parser.add_argument("--one-run", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.runs < 1:
        parser.error("--runs must be 1 or more")
    return args


def main():
    args = arguments()
    if args.one_run:
        return one_run(args, args.case or [])
    names = [name for name in cases(args) if not args.filter or any(part in name for part in args.filter)]
    if not names:
        sys.exit("no case has a name that contains what --filter asks for")
    # Opened before anything is measured, so that a mistake costs nothing.
    try:
        out = open(args.out, "w", encoding="utf-8", newline="") if args.out else sys.stdout
    except OSError as error:
        sys.exit(f"--out: {error}")
    with out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["case", "run", "seconds", "device", "software"])
        for run in range(1, args.runs + 1):
            about, rows = run_in_process(args, names, run)
            for row in rows:
                table.writerow([row["case"], run, repr(row["seconds"]), about["device"], about["software"]])
            out.flush()
    if not rows:
        sys.exit("nothing was measured; the reasons stand above")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted; the runs that were finished are written")
