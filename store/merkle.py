"""The Merkle tree of RFC 6962 (SHA-256): one root over all leaves, and proofs about it.

A leaf is a hash; `leaf_hash` makes one from data. An `Edge` is all that a tree must remember to
grow: adding a leaf costs O(log n), wherever the other leaves are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from store.errors import ProofError

HASH_SIZE = 32
_EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The leaf that stands for `data`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two others. Its prefix keeps it from passing as a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: the roots of its perfect subtrees, largest first."""

    size: int = 0  # leaves
    hashes: tuple[bytes, ...] = ()  # one for each 1 in the binary form of `size`

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ValueError("an edge has one hash for each perfect subtree")

    def grown(self, leaf: bytes) -> Edge:
        """This tree with one more leaf at its end."""
        kept, node, size = list(self.hashes), leaf, self.size
        while size & 1:  # a subtree as large as the new one joins with it
            node = node_hash(kept.pop(), node)
            size >>= 1
        return Edge(self.size + 1, (*kept, node))

    def root(self) -> bytes:
        """The hash over the whole tree (32 bytes)."""
        if not self.hashes:
            return _EMPTY
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


def edge_of(leaves: Iterable[bytes]) -> Edge:
    """The edge of the tree over `leaves`."""
    edge = Edge()
    for leaf in leaves:
        edge = edge.grown(leaf)
    return edge


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings on the way from leaf `index` (from 0) up to the root."""
    if not 0 <= index < len(leaves):
        raise ProofError("there is no such leaf in the tree")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    left, right = leaves[:middle], leaves[middle:]
    if index < middle:
        return [*inclusion_proof(left, index), edge_of(right).root()]
    return [*inclusion_proof(right, index - middle), edge_of(left).root()]


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """ProofError unless `proof` shows that the tree of `size` and `root` has `leaf` at `index`."""
    if not 0 <= index < size:
        raise ProofError("there is no such leaf in the tree")
    if _fold(leaf, _climb(index, size - 1, proof)) != root:
        raise ProofError("the proof does not lead to the root")


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """What shows that the tree over the first `size` leaves is the beginning of this one."""
    if not 0 < size <= len(leaves):
        raise ProofError("the older tree has no leaf, or more than the newer one")
    return _subproof(leaves, size, known=True)


def check_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """ProofError unless `proof` shows that the older tree is the beginning of the newer one."""
    if not 0 < old_size <= size:
        raise ProofError("the older tree has no leaf, or more than the newer one")
    if old_size == size:
        if proof or old_root != root:
            raise ProofError("two trees of one size differ")
        return
    # A perfect older tree is itself the first node; the proof leaves it out.
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not path:
        raise ProofError("the proof is too short")
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    steps = list(_climb(index, last, path[1:]))
    known = [(sibling, on_left) for sibling, on_left in steps if on_left]  # in the older tree too
    if (_fold(path[0], known), _fold(path[0], steps)) != (old_root, root):
        raise ProofError("the proof does not lead to both roots")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _subproof(leaves: Sequence[bytes], size: int, *, known: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if known else [edge_of(leaves).root()]
    middle = _split(len(leaves))
    left, right = leaves[:middle], leaves[middle:]
    if size <= middle:
        return [*_subproof(left, size, known=known), edge_of(right).root()]
    return [*_subproof(right, size - middle, known=False), edge_of(left).root()]


def _climb(index: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each sibling from node `index` of 0 to `last` up to the root, and whether it is on the left.

    The algorithm of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
    """
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        on_left = bool(index & 1) or index == last
        while on_left and index and not index & 1:  # carried up without a right sibling
            index, last = index >> 1, last >> 1
        yield sibling, on_left
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is too short")


def _fold(node: bytes, steps: Iterable[tuple[bytes, bool]]) -> bytes:
    """The root above `node`."""
    for sibling, on_left in steps:
        node = node_hash(sibling, node) if on_left else node_hash(node, sibling)
    return node
