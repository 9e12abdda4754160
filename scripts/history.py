#!/usr/bin/env python3
"""Makes histories of any size, and measures `onpar history` on them.

  history.py sessions FOLDER [--machines N] [--commits N] [--cases N] [--runs N]   journals of made-up sessions
  history.py measure ONPAR BENCH                                                  the figures of docs/methodology.md

`scripts/measure-history` sets up what measuring needs. Needs apache-otava 0.8.0 to measure.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

SAMPLES = 16
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def identity(machine, commit):
    """A software adapter whose driver is another from the 120th commit on."""
    version = "Mesa 22.3.6 (LLVM 15.0.6)" if commit < 120 else "Mesa 25.0.1 (LLVM 19.1.0)"
    return {
        "adapter": "llvmpipe", "vendor_id": 65541, "device_id": 0, "backend": "vulkan", "device_type": "cpu",
        "driver": "llvmpipe", "driver_version": version, "os": "linux", "kernel_release": "6.1.0", "arch": "x86_64",
        "cpu_model": f"Made-up Processor {machine}", "logical_cores": 4, "wgpu": "30.0.0", "onpar": "0.1.0",
    }


def header(machine, commit, plan, runs):
    head = {
        "schema": 1, "nonce": f"{machine:016x}{commit:016x}", "provenance": "measured",
        "started": (START + timedelta(hours=commit)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "options": {"suite": "quick", "filter": [], "candidates": "default", "runs": runs, "seed": 1, "timeout_s": 60.0,
                    "order": "interleaved", "device": None},
        "facts": {
            "identity": identity(machine, commit), "tick": None,
            "limits": {"invocations": 1024, "workgroup_memory": 32768, "buffer": 2147483648, "binding": 134217728},
            "features": {"f16": False, "f64": True, "subgroups": True}, "subgroup_sizes": None,
            "matrix_configurations": [], "all_features": [],
        },
        "keys": {"version": 1, "hard": "", "soft": ""}, "timer": None, "plan": plan,
    }
    canonical = json.dumps(head, separators=(",", ":"), sort_keys=True)
    return {"kind": "header", "id": hashlib.sha256(canonical.encode()).hexdigest()[:16], **head}


def row(run, place, case):
    return (
        f'{{"kind":"row","run":{run},"place":{place},"case":"{case}","status":"ok","variant":"scalar","engine":"vector",'
        '"operations":0,"read":4096,"written":4096,"proof":{"against":"f64","elements":1024,"checked":0.25,"unchecked":0.25,'
        '"timed":0.25},"clock":"device","stop":"target","phases":{"setup":0.5,"compile":0.1,"proof":0.1,"race":0.1,'
        '"warm_up":0.1,"timed":0.1}}'
    )


def block(run, place, case, seconds, scatter):
    samples = [seconds * factor for factor in scatter]
    device, wall = (",".join([f"{factor * sample:.6e}" for sample in samples]) for factor in (1.0, 1.1))
    return (f'{{"kind":"block","run":{run},"place":{place},"case":"{case}","repeats":8,"checks":false,'
            f'"device":[{device}],"wall":[{wall}]}}')


def sessions(folder, machines, commits, cases, runs):
    """Every seventh case is 8 % slower from a commit of its own on. Returns the number of rows."""
    noise = random.Random(2026)
    pool = [noise.lognormvariate(0, 0.01) for _ in range(1009)]
    plan = [f"matmul/f32/nn/k={2 ** (3 + case % 8)},m={case + 1},n=64/hot" for case in range(cases)]
    for machine in range(machines):
        for commit in range(commits):
            head = header(machine, commit, plan, runs)
            home = Path(folder) / f"machine-{machine}" / f"{head['started'][:10]}-{head['id']}"
            home.mkdir(parents=True)
            lines = [compact(head)]
            for run in range(1, runs + 1):
                for place, case in enumerate(plan):
                    step = 1.08 if place % 7 == 0 and commit >= commits // 3 + place % 50 else 1.0
                    seconds = 1e-5 * (1 + place) * step * noise.lognormvariate(0, 0.005)
                    start = noise.randrange(len(pool) - SAMPLES)
                    lines += [block(run, place, case, seconds, pool[start:start + SAMPLES]), row(run, place, case)]
            body = "\n".join(lines) + "\n"
            seal = compact({"kind": "seal", "sha256": hashlib.sha256(body.encode()).hexdigest()})
            (home / "session.jsonl").write_text(f"{body}{seal}\n")
    return machines * commits * cases * runs


def steps(noise, points):
    level = [1.05 if (4 * place // points) % 4 == 1 else 1.0 for place in range(points)]
    return [100 * level[place] + noise.gauss(0, 1) for place in range(points)]


def write(path, series):
    with open(path, "w") as file:
        file.write("series,time,value\n")
        for name, values in series:
            file.writelines(f"{name},{place},{value!r}\n" for place, value in enumerate(values))


# In a process of its own, because the peak of a child begins with that of its parent.
TIMED = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(json.dumps([time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""


def timed(command):
    """Seconds, and the peak of the memory in MiB, of a command; what it prints goes nowhere."""
    done = subprocess.run([sys.executable, "-c", TIMED, *command], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def beside_otava(onpar, bench, folder):
    """Both on the same series of 365 points with the same settings, turn by turn: call against call, and program against
    program."""
    from otava.analysis import compute_change_points

    noise = random.Random(365)
    series = {f"series {number}": steps(noise, 365) for number in range(200)}
    path = Path(folder) / "365.csv"
    write(path, series.items())
    calls, ours, program = [], [], []
    for values in list(series.values())[:15]:
        began = time.perf_counter()
        compute_change_points(list(values), window_len=50, max_pvalue=0.001, min_magnitude=0.0)
        calls.append(time.perf_counter() - began)
        printed = subprocess.run([bench, str(path)], check=True, capture_output=True, text=True).stdout
        ours.append(json.loads(printed)["seconds_per_series"])
        seconds, _ = timed([onpar, "history", "--series", str(path), "--method", "otava", "--json"])
        program.append(seconds / len(series))
    theirs, ours, program = (statistics.median(some) for some in (calls, ours, program))
    print(f"a series of 365 points, one thread: apache-otava {theirs * 1e3:.2f} ms a call, onpar {ours * 1e3:.4f} ms a call: "
          f"{theirs / ours:.0f} times as fast")
    print(f"the whole program on a file of {len(series)} of them, started, read and printed: {program * 1e3:.3f} ms a series, "
          f"{theirs / program:.0f} times as fast as the call of apache-otava alone")
    return theirs / ours >= 100


def many_series(onpar, _, folder):
    noise = random.Random(1000)
    path = Path(folder) / "many.csv"
    write(path, ((f"series {number}", steps(noise, 1000)) for number in range(10_000)))
    seconds, memory = timed([onpar, "history", "--series", str(path), "--csv"])
    print(f"10,000 series of 1,000 points ({path.stat().st_size / 1e6:.0f} MB): {seconds:.1f} s, {memory:.0f} MiB")
    path.unlink()
    return seconds < 20 and memory < 500


def many_rows(onpar, _, folder):
    home = Path(folder) / "sessions"
    rows = sessions(home, machines=3, commits=200, cases=200, runs=10)
    size = sum(path.stat().st_size for path in home.rglob("session.jsonl"))
    command = [onpar, "history", str(home), "--csv"]
    cold, _ = timed(command)
    warm, memory = min(timed(command) for _ in range(3))
    print(f"a history of {rows:,} rows in 600 sessions ({size / 1e6:.0f} MB): {warm:.1f} s warm ({cold:.1f} s the first time), "
          f"{memory:.0f} MiB")
    return warm < 5


def measure(onpar, bench):
    print(f"{os.cpu_count()} processors", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        held = [part(onpar, bench, folder) for part in (beside_otava, many_series, many_rows)]
    return 0 if all(held) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("sessions")
    making.add_argument("folder")
    for name, value in {"machines": 1, "commits": 200, "cases": 50, "runs": 5}.items():
        making.add_argument(f"--{name}", type=int, default=value)
    measuring = commands.add_parser("measure")
    measuring.add_argument("onpar")
    measuring.add_argument("bench")
    args = parser.parse_args()
    if args.command == "measure":
        return measure(args.onpar, args.bench)
    rows = sessions(args.folder, args.machines, args.commits, args.cases, args.runs)
    print(f"{rows:,} rows below {args.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
