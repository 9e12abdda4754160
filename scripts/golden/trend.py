#!/usr/bin/env python3
"""Writes tests/golden/trend.json: what SciPy says of trends, for tests/golden_statistics.rs.

Slopes come from scipy.stats.theilslopes. The oracle of the Mann-Kendall test is scipy.stats.kendalltau against the place,
by its normal approximation, which corrects for ties and not for continuity; the number of rising less falling pairs is
counted one by one.

Written with SciPy 1.17.1 and NumPy 2.4.6. Usage: scripts/golden/make, or a Python that has both.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "trend.json"
RANDOM = np.random.default_rng(20261124)


def case(values):
    count = len(values)
    place = np.arange(count)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    return {
        "values": [float(value) for value in values],
        "slope": float(stats.theilslopes(values, place).slope),
        "s": int(sum(np.sign(values[j] - values[i]) for i, j in pairs)),
        "p": float(stats.kendalltau(place, values, method="asymptotic").pvalue),
    }


def inflation(count, r):
    lags = np.arange(1, count - 2, dtype=float)
    left = count - lags
    terms = left * (left - 1) * (left - 2) * r**lags
    return 1 + 2 / (count * (count - 1) * (count - 2)) * float(terms.sum())


def series():
    for count in (3, 4, 5, 8, 10, 25, 54, 120):
        yield RANDOM.normal(1, 0.01, count)
        yield RANDOM.normal(1, 0.01, count) + np.linspace(0, 0.03, count)
    for count in (6, 20, 60):
        yield RANDOM.integers(1, 5, count).astype(float)
        yield np.sort(RANDOM.integers(1, 20, count)).astype(float)


document = {
    "series": [case(values) for values in series()],
    "inflation": [[n, r, inflation(n, r)] for n in (5, 16, 54, 400) for r in (0.0, 0.2, 0.6, 0.9, 1.0)],
}
lines = ",\n".join(map(json.dumps, document["series"]))
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(f'{{"inflation": {json.dumps(document["inflation"])},\n"series": [\n{lines}\n]}}\n')
