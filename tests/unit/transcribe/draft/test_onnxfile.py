"""A model cut off after a node: what stays is as it was, and what is no model is refused."""

import pytest

from transcribe.draft.onnxfile import ending_at


def field(number: int, body: bytes) -> bytes:
    assert len(body) < 128
    return bytes([number << 3 | 2, len(body)]) + body


def node(made: bytes) -> bytes:
    return field(1, field(1, b"given") + field(2, made) + field(4, b"Add"))


VERSION = b"\x08\x0a"  # a field that is a number
WEIGHT = field(5, b"\x25\x00\x00\x80\x3f\x29" + bytes(8))  # numbers of four and eight bytes
OUTPUT = field(12, field(1, b"last"))


def test_nodes_after_it_are_left_out_and_it_is_the_only_output() -> None:
    graph = node(b"first") + node(b"second") + node(b"last") + WEIGHT + OUTPUT
    made = ending_at("second", VERSION + field(7, graph))
    kept = node(b"first") + node(b"second") + WEIGHT + field(12, field(1, b"second"))
    assert made == VERSION + field(7, kept)


def test_a_node_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no node"):
        ending_at("third", field(7, node(b"first") + OUTPUT))


def test_a_graph_of_more_than_127_bytes_keeps_its_length() -> None:
    weights = WEIGHT * 20
    long = node(b"first") + weights
    head = bytes([7 << 3 | 2, len(long) & 127 | 128, len(long) >> 7])
    made = ending_at("first", head + long)
    kept = long + field(12, field(1, b"first"))
    assert made == bytes([7 << 3 | 2, len(kept) & 127 | 128, len(kept) >> 7]) + kept


@pytest.mark.parametrize("data", [b"\x3a\x05abc", b"\x3a", b"\x3b\x01", b"\x3a\xff\xff"])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="model's file"):
        ending_at("last", data)
