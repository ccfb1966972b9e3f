from __future__ import annotations

import numpy as np
import pytest

from transcribe.clusters import Labels, Vectors, clusters


def crowd(people: int, each: int, noise: float, seed: int = 7) -> tuple[Vectors, Labels]:
    """Vectors around as many directions as there are people, in the order of a conversation."""
    random = np.random.default_rng(seed)
    middles = np.linalg.qr(random.normal(size=(192, people)))[0].T
    who: Labels = np.tile(np.arange(people), each)
    near = middles[who] + random.normal(0, noise / np.sqrt(192), (people * each, 192))
    return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32), who


@pytest.mark.parametrize("people", [1, 2, 3, 5])
def test_each_direction_is_a_cluster_counted_as_it_first_comes(people: int) -> None:
    vectors, who = crowd(people, 20, 0.6)
    assert clusters(vectors, np.ones(len(vectors)), 0.45).tolist() == who.tolist()


def test_many_vectors_give_the_same_clusters_as_few() -> None:
    vectors, who = crowd(3, 700, 0.6)  # as many as two hours of talk
    assert clusters(vectors, np.ones(len(vectors)), 0.45).tolist() == who.tolist()


def test_many_vectors_that_nothing_joins_stay_apart() -> None:
    vectors, _ = crowd(192, 1, 0.0)
    twice = np.concatenate([vectors, -vectors])
    assert len(set(clusters(twice, np.ones(384), 0.45).tolist())) == 384


def test_a_told_number_is_kept_to() -> None:
    vectors, _ = crowd(4, 10, 0.4)
    for number in (1, 2, 3, 4):
        found = clusters(vectors, np.ones(40), 0.45, number)
        assert len(set(found.tolist())) == number


def test_the_same_vectors_give_the_same_labels() -> None:
    vectors, _ = crowd(4, 30, 1.5)
    first, second = (clusters(vectors, np.ones(120), 0.3) for _ in range(2))
    assert first.tolist() == second.tolist()
