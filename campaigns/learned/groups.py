"""Sums, medians and ranks within groups of a sorted array."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Indices = NDArray[np.integer]


def starts(*keys: Indices) -> Indices:
    """Where a new group begins in arrays that are sorted by these keys."""
    begins = np.ones(len(keys[0]), bool)
    begins[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.flatnonzero(begins)


def sums(group: Indices, values: Numbers, count: int) -> Numbers:
    """The sum of the values of each of `count` groups; 0 for a group without any."""
    return np.bincount(group, values, count)


def medians(group: Indices, values: Numbers, count: int) -> Numbers:
    """The median of each of `count` groups; NaN for a group without any."""
    order = np.lexsort((values, group))
    ordered, sizes = values[order].astype(float), np.bincount(group, minlength=count)
    first = np.cumsum(sizes) - sizes
    found, some = np.full(count, np.nan), sizes > 0
    low, high = first + (sizes - 1) // 2, first + sizes // 2
    found[some] = (ordered[low[some]] + ordered[high[some]]) / 2
    return found


def ranks(group: Indices, values: Numbers) -> Indices:
    """The place of each value within its group, from 0 for the highest; equal values stand in their order."""
    order = np.lexsort((-values, group))
    first = starts(group[order]) if len(group) else np.zeros(0, int)
    sizes = np.diff(np.append(first, len(group)))
    found = np.empty(len(group), int)
    found[order] = np.arange(len(group)) - np.repeat(first, sizes)
    return found
