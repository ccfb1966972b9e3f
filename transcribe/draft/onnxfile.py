"""A model in ONNX's file format, cut off after one of its nodes.

The runtime works out every node of a graph, needed or not, and its Python package cannot take any
out. The format is protobuf: fields, each with its number and its length. Fields are left out here
and lengths put right; no node or weight is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAPH = 7  # field of ModelProto
_NODE, _OUTPUT = 1, 12  # fields of GraphProto
_NODE_OUTPUT = 2  # field of NodeProto
_VALUE_NAME = 1  # field of ValueInfoProto
_NUMBER, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5  # how a field's body is written
_LOW, _MORE = 0x7F, 0x80  # of each byte of a number: seven bits, and whether another follows


def ending_at(output: str, model: bytes) -> bytes:
    """`model` up to and with the node that makes `output`, which is all that it then gives.

    Args:
        output: the name of what a node makes.
        model: a file whose nodes stand in the order in which they are worked out.

    Raises:
        ValueError: no node makes it, or this is no such file.
    """
    return b"".join(
        _sized(_GRAPH, _until(output.encode(), body)) if number == _GRAPH else field
        for number, field, body in _fields(model)
    )


def _until(output: bytes, graph: bytes) -> bytes:
    kept, found = [], False
    for number, field, body in _fields(graph):
        if number == _OUTPUT or (number == _NODE and found):
            continue
        kept.append(field)
        found = found or (number == _NODE and output in _made(body))
    if not found:
        raise ValueError("no node of the model makes that")
    return b"".join([*kept, _sized(_OUTPUT, _sized(_VALUE_NAME, output))])


def _made(node: bytes) -> list[bytes]:
    return [body for number, _, body in _fields(node) if number == _NODE_OUTPUT]


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each field: its number, all its bytes, and the bytes of its body."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        size, at = _size(key & 7, message, at)
        if at + size > len(message):
            raise ValueError("the model's file is cut short")
        yield key >> 3, message[start : at + size], message[at : at + size]
        at += size


def _size(written: int, message: bytes, at: int) -> tuple[int, int]:
    """How long a field's body is, and where it starts."""
    if written == _SIZED:
        return _number(message, at)
    if written == _NUMBER:
        return _number(message, at)[1] - at, at
    if written in {_EIGHT_BYTES, _FOUR_BYTES}:
        return 8 if written == _EIGHT_BYTES else 4, at
    raise ValueError("this is no model's file")


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte, at = message[at], at + 1
        value |= (byte & _LOW) << shift
        shift += 7
        if not byte & _MORE:
            return value, at
    raise ValueError("the model's file is cut short")


def _sized(number: int, body: bytes) -> bytes:
    head, size = bytearray([number << 3 | _SIZED]), len(body)
    while size > _LOW:
        head.append(size & _LOW | _MORE)
        size >>= 7
    return bytes(head) + bytes([size]) + body
