"""Which vectors belong together: agglomerative clustering by average likeness, in bounded memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 300  # vectors that are compared with each other, all with all
_LEAST = 1e-9  # weight of a cluster that is there at all
_SURELY = 0.75  # likeness from which on two vectors are one voice, whoever else there is

Vectors = NDArray[np.float32]  # (n, d), each of length 1
Weights = NDArray[np.float64]  # (n,)
Labels = NDArray[np.int64]  # (n,): 0, 1, 2 ... in order of first appearance


def clusters(
    vectors: Vectors,
    weights: Weights,
    alike: float,
    most: int | None = None,
    enough: float = 0,
) -> Labels:
    """Labels of vectors whose mean likeness (cosine) to each other is at least `alike`.

    Args:
        vectors: of length 1.
        weights: how much each of them counts.
        alike: the least mean likeness of two clusters that are joined.
        most: then join on, however alike, until no more than so many have `enough` weight.
        enough: the weight of a cluster that counts.
    """
    firm = _ahead(vectors, weights, max(alike, _SURELY))
    middles = np.stack([_middle(vectors, weights, firm == each) for each in range(firm.max() + 1)])
    totals = np.bincount(firm, weights).astype(np.float64)
    joined = _joined(middles, totals, alike, most, enough)
    return _in_order(joined[firm])


def _ahead(vectors: Vectors, weights: Weights, alike: float) -> Labels:
    """Labels of what is surely alike, a bounded number compared at a time."""
    labels: Labels = np.arange(len(vectors))
    while (count := int(labels.max()) + 1) > _AT_ONCE:
        middles = np.stack([_middle(vectors, weights, labels == each) for each in range(count)])
        totals = np.bincount(labels, weights).astype(np.float64)
        found, used = np.zeros(count, np.int64), 0
        for start in range(0, count, _AT_ONCE):
            block = slice(start, start + _AT_ONCE)
            found[block] = _joined(middles[block], totals[block], alike) + used
            used = int(found[block].max()) + 1
        labels = found[labels]
        if used == count:  # nothing joins any more: they are compared all at once
            break
    return labels


def _middle(vectors: Vectors, weights: Weights, mine: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The mean of some vectors: no longer than 1, and the shorter the less they are alike."""
    mean: NDArray[np.float32] = np.average(vectors[mine], 0, weights[mine]).astype(np.float32)
    return mean


def _joined(
    middles: Vectors, totals: Weights, alike: float, most: int | None = None, enough: float = 0
) -> Labels:
    """Join the two most alike until no two are alike enough, and no more than `most` count."""
    labels: Labels = np.arange(len(middles))
    like = (middles @ middles.T).astype(np.float64)  # the mean likeness of every pair across
    np.fill_diagonal(like, -np.inf)
    totals, left = totals.copy(), len(middles)
    while left > 1:
        one, other = sorted(divmod(int(like.argmax()), len(like)))
        few = most is None or np.count_nonzero(totals >= max(enough, _LEAST)) <= most
        if few and like[one, other] < alike:
            break
        both = totals[one] * like[one] + totals[other] * like[other]
        like[one] = like[:, one] = both / (totals[one] + totals[other])
        totals[one] += totals[other]
        totals[other] = 0
        like[one, one] = -np.inf
        like[other] = like[:, other] = -np.inf
        labels[labels == other] = one
        left -= 1
    return _in_order(labels)


def _in_order(labels: Labels) -> Labels:
    """The same labels, counted from 0 in order of first appearance."""
    _, first, back = np.unique(labels, return_index=True, return_inverse=True)
    order: Labels = np.argsort(np.argsort(first))[back]
    return order
