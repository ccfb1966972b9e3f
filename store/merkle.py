"""The Merkle tree of RFC 6962 (SHA-256): one root over all leaves.

A leaf is a hash; `leaf_hash` makes one from data. An `Edge` is all that a tree must remember to
grow: adding a leaf costs O(log n), wherever the other leaves are kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

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
