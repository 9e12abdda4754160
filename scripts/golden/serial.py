#!/usr/bin/env python3
"""Writes tests/golden/serial.json: serial correlation and what it costs, for tests/golden_statistics.rs.

The correlation of "is below the median" comes from integrating the bivariate normal density numerically, not from the arc
sine; ranks from scipy.stats.rankdata; the ranks of an interval from scipy.stats.binom.

Written with SciPy 1.17.1 and NumPy 2.4.6. Usage: scripts/golden/make, or a Python that has both.
"""

import json
import math
from pathlib import Path

import numpy as np
from scipy import integrate, stats

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "serial.json"
RANDOM = np.random.default_rng(20261124)
UNSTABLE = 0.85


def autocorrelation(values):
    ranks = stats.rankdata(values)
    ranks = ranks - ranks.mean()
    squares = float(ranks @ ranks)
    if not squares:
        return 0.0
    r = float(ranks[:-1] @ ranks[1:]) / squares
    return min(1.0, r + (1 + 3 * r) / len(values))


def both_below(rho):
    """Probability that two standard normal values with correlation rho are both negative."""
    def density(x):
        return stats.norm.pdf(x) * stats.norm.cdf(-rho * x / math.sqrt(1 - rho * rho))
    return integrate.quad(density, -math.inf, 0, epsabs=1e-15, epsrel=1e-13)[0]


def inflation(r):
    if r <= 0:
        return 1.0
    total, power = 1.0, r
    while power > 1e-3:
        total += 2 * (4 * both_below(power) - 1)
        power *= r
    # Below, the arc sine is its argument plus a sixth of the cube, so that the rest are two geometric series.
    return total + 4 / math.pi * (power / (1 - r) + power**3 / 6 / (1 - r**3))


def interval(values, r):
    """Interval of the median, or the range where there is none."""
    ascending, count = np.sort(values), len(values)
    rank = 0
    if r <= UNSTABLE:
        independent = math.floor(count / inflation(r))
        rank = int(stats.binom.ppf(0.005, independent, 0.5)) if independent else 0
    if rank == 0:
        return [float(ascending[0]), float(ascending[-1])], False
    place = rank * count // independent
    return [float(ascending[place - 1]), float(ascending[count - place])], True


def case(values):
    r = autocorrelation(values)
    ends, holds = interval(values, r)
    return {"values": [float(v) for v in values], "autocorrelation": r, "ends": ends, "holds": holds}


def series():
    for r in (0.0, 0.3, 0.6, 0.8, 0.9):
        for count in (2, 8, 16, 54, 150):
            state, values = RANDOM.standard_normal(), []
            for _ in range(count):
                values.append(1 + 0.03 * state)
                state = r * state + math.sqrt(1 - r * r) * RANDOM.standard_normal()
            yield np.array(values)
    for count in (20, 60):
        yield RANDOM.integers(1, 6, count).astype(float)
    yield np.full(12, 2.0)


document = {
    "inflation": [[r, inflation(r)] for r in (-0.4, 0.0, 0.01, 0.1, 0.3, 0.5, 0.6, 0.8, 0.85, 0.95)],
    "series": [case(values) for values in series()],
}
lines = ",\n".join(map(json.dumps, document["series"]))
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(f'{{"inflation": {json.dumps(document["inflation"])},\n"series": [\n{lines}\n]}}\n')
