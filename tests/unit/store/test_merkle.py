"""The tree against the test data of Certificate Transparency and a naive second implementation."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import ProofError
from store.merkle import (
    Edge,
    check_consistency,
    check_inclusion,
    consistency_proof,
    edge_of,
    inclusion_proof,
    leaf_hash,
)

# The eight leaves of Certificate Transparency's own tests, and the roots over the first n of them.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf from 0, size of the tree): the proof of RFC 6962's example form.
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY: dict[tuple[int, int], tuple[str, ...]] = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
LEAVES = [leaf_hash(each) for each in INPUTS]


def naive_root(data: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    half = 1
    while half * 2 < len(data):
        half *= 2
    return hashlib.sha256(b"\x01" + naive_root(data[:half]) + naive_root(data[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert edge_of(LEAVES[:size]).root().hex() == ROOTS[size]
    assert naive_root(INPUTS[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = inclusion_proof(LEAVES[:size], index)
    assert tuple(node.hex() for node in proof) == INCLUSION[index, size]
    check_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int) -> None:
    proof = consistency_proof(LEAVES[:size], old)
    assert tuple(node.hex() for node in proof) == CONSISTENCY[old, size]
    check_consistency(old, bytes.fromhex(ROOTS[old]), size, bytes.fromhex(ROOTS[size]), proof)


def _data(size: int) -> list[bytes]:
    return [number.to_bytes(2, "big") for number in range(size)]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_tree_that_grows_has_the_root_of_the_whole(data: list[bytes]) -> None:
    edge = Edge()
    for number, each in enumerate(data, start=1):
        edge = edge.grown(leaf_hash(each))
        assert (edge.size, edge.root()) == (number, naive_root(data[:number]))


@given(st.data(), st.integers(1, 200))
def test_every_leaf_is_shown_to_be_in_the_tree(draw: st.DataObject, size: int) -> None:
    leaves, root = [leaf_hash(each) for each in _data(size)], naive_root(_data(size))
    index = draw.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert len(proof) <= (size - 1).bit_length()
    check_inclusion(leaves[index], index, size, proof, root)


@given(st.data(), st.integers(1, 200))
def test_every_older_tree_is_shown_to_be_the_beginning(draw: st.DataObject, size: int) -> None:
    leaves, root = [leaf_hash(each) for each in _data(size)], naive_root(_data(size))
    old = draw.draw(st.integers(1, size))
    proof = consistency_proof(leaves, old)
    check_consistency(old, naive_root(_data(size)[:old]), size, root, proof)


@given(st.data(), st.integers(2, 100))
def test_a_proof_of_anything_else_is_refused(draw: st.DataObject, size: int) -> None:
    leaves, root = [leaf_hash(each) for each in _data(size)], naive_root(_data(size))
    index = draw.draw(st.integers(0, size - 1))
    proof, leaf = inclusion_proof(leaves, index), leaves[index]
    broken = draw.draw(st.integers(0, len(proof) - 1))
    other = [*proof[:broken], leaf_hash(b"other"), *proof[broken + 1 :]]
    for wrong in (
        (leaf_hash(b"other"), index, size, proof, root),
        (leaf, (index + 1) % size, size, proof, root),
        (leaf, size, size, proof, root),
        (leaf, index, size, proof[:-1], root),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, other, root),
        (leaf, index, size, proof, leaf),
    ):
        with pytest.raises(ProofError):
            check_inclusion(*wrong)


@given(st.data(), st.integers(2, 100))
def test_a_tree_with_another_past_is_refused(draw: st.DataObject, size: int) -> None:
    data = _data(size)
    old = draw.draw(st.integers(1, size - 1))
    old_root, changed = naive_root(data[:old]), draw.draw(st.integers(0, old - 1))
    data[changed] = b"rewritten"
    root, leaves = naive_root(data), [leaf_hash(each) for each in data]
    proof = consistency_proof(leaves, old)
    for wrong in (
        (old, old_root, size, root, proof),
        (old, naive_root(data[:old]), size, root, proof[:-1]),
        (old, naive_root(data[:old]), size, root, [*proof, root]),
        (old, naive_root(data[:old]), size, old_root, proof),
        (size, root, size, old_root, []),
        (size, root, size, root, [root]),
        (0, naive_root([]), size, root, []),
        (size + 1, root, size, root, []),
    ):
        with pytest.raises(ProofError):
            check_consistency(*wrong)


def test_no_proof_is_made_about_what_is_not_there() -> None:
    for index in (-1, 8):
        with pytest.raises(ProofError):
            inclusion_proof(LEAVES, index)
    for size in (0, 9):
        with pytest.raises(ProofError):
            consistency_proof(LEAVES, size)


def test_an_edge_with_the_wrong_number_of_hashes_cannot_exist() -> None:
    with pytest.raises(ValueError, match="one hash"):
        replace(edge_of(LEAVES[:5]), size=7)
