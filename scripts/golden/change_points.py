#!/usr/bin/env python3
"""What apache-otava 0.8.0 finds in random and structured series, to hold `--method otava` against.

  change_points.py golden            writes tests/golden/change_points.json, for tests/golden_change_points.rs
  change_points.py compare ONPAR     compares with what the program ONPAR prints, and times both; exit status 1 if any series differs

`scripts/compare-otava` sets up what this needs and runs the comparison.
"""

import csv
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from otava.analysis import compute_change_points

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "change_points.json"
LENGTHS = [1, 2, 3, 4, 5, 7, 10, 20, 30, 49, 50, 51, 60, 75, 99, 100, 101, 150, 200, 250, 365, 500]
WINDOWS = [2, 3, 4, 5, 10, 20, 30, 31, 50, 50, 50, 75, 100, 101, 200]
PS = [1e-6, 1e-4, 1e-3, 1e-3, 0.01, 0.04, 0.05, 0.1, 0.3, 0.5, 0.9]
LEAST = [0, 0, 0.01, 0.02, 0.05, 0.1, 0.5, 0.9]


def steps(random, n):
    return np.concatenate([random.normal(100 * (1 + 0.05 * i * (i % 2)), 1, max(1, n // 4)) for i in range(4)])


def autocorrelated(random, n):
    values = random.normal(0, 1, n)
    for i in range(1, n):
        values[i] += 0.5 * values[i - 1]
    return 50 + values


KINDS = {
    "noise": lambda random, n: random.normal(100, 1, n),
    "steps": steps,
    "rounded": lambda random, n: np.round(random.normal(100, 1, n)),
    "constant": lambda random, n: np.full(n, 0.1),
    "one step": lambda random, n: np.where(np.arange(n) < n // 2, 1.0, 1.1),
    "square wave": lambda random, n: np.where((np.arange(n) // random.integers(1, 20)) % 2 == 0, 0.1, 0.3),
    "ramp": lambda random, n: np.arange(n) * 0.1,
    "log-normal": lambda random, n: np.exp(random.normal(0, 1, n)),
    "autocorrelated": autocorrelated,
    "spikes": lambda random, n: np.where(random.random(n) < 0.05, 10.0, 1.0),
    "few values": lambda random, n: random.integers(0, 3, n).astype(float),
    "negative": lambda random, n: -np.abs(random.normal(0, 1, n)) * (1 + (np.arange(n) > n // 3)),
    "tiny": lambda random, n: random.normal(0, 1e-9, n) + (np.arange(n) > n // 2) * 1e-8,
    "large": lambda random, n: random.normal(1e12, 1e10, n) * (1 + 0.02 * (np.arange(n) > 2 * n // 3)),
    "two modes": lambda random, n: np.where(random.random(n) < 0.7, 1.0, 1.1) + random.normal(0, 0.005, n),
    "random walk": lambda random, n: np.cumsum(random.normal(0, 1, n)) + 100,
}


def otava(case):
    found, _ = compute_change_points(
        list(case["values"]), window_len=case["window"], max_pvalue=case["p"], min_magnitude=case["least"]
    )
    stats = [(int(c.index), float(c.stats.mean_1), float(c.stats.mean_2), float(c.stats.pvalue)) for c in found]
    return [{"index": i, "before": before, "after": after, "p": p} for i, before, after, p in stats]


def cases(seed, settings, longest):
    """For each of some settings one series of every kind."""
    random = np.random.default_rng(seed)
    for number in range(settings):
        setting = {
            "window": int(random.choice(WINDOWS)), "p": float(random.choice(PS)), "least": float(random.choice(LEAST))
        }
        for kind, make in KINDS.items():
            n = int(random.choice([length for length in LENGTHS if length <= longest]))
            values = [float(value) for value in make(random, n)]
            if random.random() < 0.3:
                values = [round(value, 3) for value in values]
            yield {"name": f"{kind} {number}", **setting, "values": values}


def write(named, path):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "time", "value"])
        for name, values in named.items():
            writer.writerows((name, time, repr(value)) for time, value in enumerate(values))


def onpar(program, setting, path):
    """What the program prints."""
    command = [program, "history", "--series", str(path), "--method", "otava", "--json"]
    command += ["--p", repr(setting["p"]), "--min-change", repr(setting["least"]), "--window", str(setting["window"])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def is_equal(theirs, ours):
    """The same places; levels to the last digits, probabilities to nine."""
    def near(a, b, digits):
        return (b is None and math.isnan(a)) or math.isclose(a, b, rel_tol=10.0**-digits, abs_tol=1e-280)
    return [c["index"] for c in theirs] == [c["index"] for c in ours] and all(
        near(a["before"], b["before"], 15) and near(a["after"], b["after"], 15) and near(a["p"], b["p"], 9)
        for a, b in zip(theirs, ours)
    )


def compare(program):
    by_setting = {}
    for case in cases(seed=2026, settings=40, longest=500):
        by_setting.setdefault((case["window"], case["p"], case["least"]), []).append(case)
    unequal, places, series = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.csv"
        for group in by_setting.values():
            write({case["name"]: case["values"] for case in group}, path)
            printed = json.loads(onpar(program, group[0], path))
            found = {one["name"]: one["change_points"] for one in printed["series"]}
            for case in group:
                theirs, ours = otava(case), found[case["name"]]
                series += 1
                places += len(theirs)
                if not is_equal(theirs, ours):
                    unequal.append({"case": case, "apache-otava": theirs, "onpar": ours})
        print(f"{series} series, {len(by_setting)} settings, {places} change points: {series - len(unequal)} equal, "
              f"{len(unequal)} unequal")
        for one in unequal[:5]:
            print(json.dumps(one))
        measure(program, path)
    return 1 if unequal else 0


def measure(program, path):
    """Seconds for a series of 365 points, turn by turn: a call of the library, and the program on a file of many series,
    starting it, reading and printing included."""
    random = np.random.default_rng(365)
    many = {f"series {number}": [float(value) for value in steps(random, 365)] for number in range(200)}
    setting = {"window": 50, "p": 1e-3, "least": 0.0}
    write(many, path)
    theirs, ours = [], []
    for values in list(many.values())[:9]:
        began = time.perf_counter()
        otava({"values": values, **setting})
        between = time.perf_counter()
        onpar(program, setting, path)
        theirs.append(between - began)
        ours.append((time.perf_counter() - between) / len(many))
    theirs, ours = statistics.median(theirs), statistics.median(ours)
    print(f"a series of 365 points: apache-otava {theirs * 1e3:.2f} ms, onpar {ours * 1e3:.3f} ms, {theirs / ours:.0f} times "
          "as fast")


def golden():
    kept = [{**case, "found": otava(case)} for case in cases(seed=1, settings=15, longest=150)]
    for case in kept:
        for found in case["found"]:
            found["p"] = None if math.isnan(found["p"]) else found["p"]
    lines = ",\n".join(json.dumps(case) for case in kept)
    OUT.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    match sys.argv[1:]:
        case["golden"]:
            golden()
        case["compare", program]:
            sys.exit(compare(program))
        case _:
            sys.exit(__doc__)
