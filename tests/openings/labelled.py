"""The labelled openings, read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transcribe.subject import Known

_CONTENT = tomllib.loads((Path(__file__).parent / "openings.toml").read_text(encoding="utf-8"))


def cases() -> list[Known]:
    """The caseload that the openings are matched against."""
    return [Known(key, name) for key, name in _CONTENT["cases"].items()]


def staff() -> list[Known]:
    """The team."""
    return [Known(key, name) for key, name in _CONTENT["staff"].items()]


def about(part: str = "") -> list[tuple[str, frozenset[str]]]:
    """What was said, and whom it is about."""
    said = [(text, frozenset(ids)) for text, ids in _CONTENT[f"{part}about"].items()]
    return said + [(text, frozenset()) for text in _CONTENT[f"{part}nobody"].values()]


def speaking(part: str = "") -> list[tuple[str, frozenset[str]]]:
    """What was said, and who says they speak."""
    return [(text, frozenset(ids)) for text, ids in _CONTENT[f"{part}speaker"].items()]


@dataclass(frozen=True, slots=True)
class Score:
    """How well whom somebody meant was found."""

    openings: int
    exact: int  # all of those who are meant, and nobody else
    precision: float
    recall: float


def score(
    found: Mapping[str, Iterable[str]], wanted: Iterable[tuple[str, frozenset[str]]]
) -> Score:
    """Compare what was found in each opening with its label."""
    pairs = [(frozenset(found[text]), ids) for text, ids in wanted]
    right = sum(len(got & ids) for got, ids in pairs)
    suggested = sum(len(got) for got, _ in pairs)
    meant = sum(len(ids) for _, ids in pairs)
    exact = sum(got == ids for got, ids in pairs)
    return Score(len(pairs), exact, right / suggested, right / meant)
