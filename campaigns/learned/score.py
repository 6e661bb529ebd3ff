"""An additive score: what each figure adds to the chance is a curve of its own that can be drawn and read.

Logistic regression on piecewise-linear curves. Each bends at the quartiles of its figure and stays level beyond its outermost
values, so that an odd customer cannot run away with a list.
"""

from dataclasses import dataclass

import numpy as np

from campaigns.learned.groups import Numbers

_BENDS = (0.005, 0.25, 0.5, 0.75, 0.995)
_STEPS_MOST, _STEP_LEAST, _STEP_MOST = 10, 0.01, 2.0
_ROWS = 20_000
_EXAMPLES_LEAST = 10
_ODDS_UNKNOWN = -3.0


@dataclass(frozen=True)
class Score:
    """Answers chances for rows of figures. Without enough examples to learn from, the first column alone ranks them."""

    bends: list[Numbers]
    mean: Numbers
    scale: Numbers
    coefficients: Numbers

    def chances(self, columns: Numbers) -> Numbers:
        """The chance of each row, from 0 to 1."""
        if not self.bends:
            return _logistic(_ODDS_UNKNOWN + columns[:, 0]) if len(columns) else np.zeros(0)
        parts = [self._basis(columns[low : low + _ROWS]) @ self.coefficients for low in range(0, len(columns), _ROWS)]
        return _logistic(np.concatenate(parts)) if parts else np.zeros(0)

    def _basis(self, columns: Numbers) -> Numbers:
        return ((_curves(columns, self.bends) - self.mean) / self.scale).astype("f4")


UNLEARNT = Score([], np.zeros(0), np.zeros(0), np.zeros(0))


def learn(columns: Numbers, outcome: Numbers, weight: Numbers, *, penalty: float) -> Score:
    """The score that fits the outcomes (true or false) best, each row counting by its weight, with a penalty on steep curves."""
    if min(outcome.sum(), (~outcome).sum()) < _EXAMPLES_LEAST:
        return UNLEARNT
    bends = [np.unique(np.quantile(column, _BENDS)) for column in columns.T]
    curves = _curves(columns, bends)
    some = curves[:: len(curves) // _ROWS + 1]  # enough of them to know the usual size of a curve
    mean, scale = some.mean(axis=0, dtype=float), some.std(axis=0, dtype=float)
    mean[0], scale[0] = 0, 1
    scale[scale < 1e-6] = 1
    basis = curves
    basis -= mean.astype("f4")
    basis /= scale.astype("f4")
    return Score(bends, mean, scale, _fit(basis, outcome, weight, penalty))


def _curves(columns: Numbers, bends: list[Numbers]) -> Numbers:
    """A constant, each figure cut to its outermost values, and for each inner bend how far the figure lies above it."""
    parts = [np.ones((len(columns), 1), "f4")]
    for column, at in zip(columns.T, bends, strict=True):
        cut = np.clip(column, at[0], at[-1]).astype("f4")[:, None]
        parts += [cut, np.maximum(cut - at[1:-1].astype("f4"), 0)]
    return np.concatenate(parts, axis=1)


def _fit(basis: Numbers, outcome: Numbers, weight: Numbers, penalty: float) -> Numbers:
    """Newton's method; steps are cut, so that rare outcomes cannot throw it off."""
    share = np.average(outcome, weights=weight)
    found = np.zeros(basis.shape[1])
    found[0] = np.log(share / (1 - share))
    penalties = np.full(len(found), penalty)
    penalties[0] = 0
    for _step in range(_STEPS_MOST):
        slope, bend = _slope_and_bend(basis, outcome, weight, found)
        step = np.linalg.solve(bend + np.diag(penalties), slope - penalties * found)
        step *= min(1, _STEP_MOST / np.abs(step).max())
        found += step
        if np.abs(step).max() < _STEP_LEAST:
            break
    return found


def _slope_and_bend(basis: Numbers, outcome: Numbers, weight: Numbers, at: Numbers) -> tuple[Numbers, Numbers]:
    """First and second derivative of the likelihood, added up over parts of the rows."""
    slope, bend = np.zeros(len(at)), np.zeros((len(at), len(at)))
    for low in range(0, len(basis), _ROWS):
        rows, own, true = basis[low : low + _ROWS], weight[low : low + _ROWS], outcome[low : low + _ROWS]
        chance = _logistic(rows @ at.astype("f4"))
        slope += rows.T @ (own * (true - chance)).astype("f4")
        bend += (rows * (own * np.maximum(chance * (1 - chance), 1e-4)).astype("f4")[:, None]).T @ rows
    return slope, bend


def _logistic(odds: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


@dataclass(frozen=True)
class Amount:
    """Answers the usual revenue of those who buy: a straight line in the logarithm of each figure."""

    scale: Numbers
    coefficients: Numbers

    def usual(self, columns: Numbers) -> Numbers:
        if not len(self.scale):
            return np.expm1(columns[:, 0])
        return np.exp(np.clip(_with_one(columns / self.scale) @ self.coefficients, 0, 25))


NO_AMOUNT = Amount(np.zeros(0), np.zeros(0))
"""Without examples: the first column, taken as the logarithm of a revenue."""


def learn_amount(columns: Numbers, revenue: Numbers) -> Amount:
    """The line that fits the logarithms of what buyers spent (least squares with a small penalty)."""
    scale = columns.std(axis=0)
    scale[scale < 1e-6] = 1
    rows = _with_one(columns / scale)
    return Amount(scale, np.linalg.solve(rows.T @ rows + 10 * np.eye(rows.shape[1]), rows.T @ np.log(np.maximum(revenue, 0.01))))


def _with_one(columns: Numbers) -> Numbers:
    return np.column_stack([np.ones(len(columns)), columns])
