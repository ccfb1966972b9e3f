"""Which heading each sentence of a note belongs under.

A linear model weighs what a sentence means and the signs it shows; which heading follows which is
weighed over the whole note. `tools/train_filing.py` makes it from tests/labelled. A young person's
own comment is not weighed: all of it is their words, but for who speaks and what says nothing.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from transcribe.draft import header_cues
from transcribe.draft.embedding import SIZE, WEIGHTS_SHA256, FilingModelError, embed
from transcribe.draft.evidence import evidence
from transcribe.draft.guards import (
    answers,
    empty,
    lies_ahead,
    names_young,
    of_both,
    of_worker,
    only_tells,
    only_worker_says,
    opens,
    reports_young,
    says_when,
    says_where,
    says_with_whom,
    tells,
    told_by_another,
)
from transcribe.draft.opening import names_speaker
from transcribe.draft.times import times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

FILLER, HEADER, WELLBEING = "filler", "header", "wellbeing"
WORDS, ACTION = "young_person_words", "action"
ANNOTATION = "young_person_annotation"
MODEL_SHA256 = "9d100097932bd979050a5120e5d6d60dcebb36f48e2f668e8f5b6cb3787a8d8b"
MODELS = (WEIGHTS_SHA256, MODEL_SHA256)
"""What a draft says that it was filed by."""
_OPENING = 3  # sentences in which a young person says who speaks
_NAME = "Sam"  # the same for everybody: nobody is filed by what they are called
_MEANING, _SIGN = 3.0, 0.5  # how much the two kinds of number weigh before training
_NEVER = -1e6
_PAST = dict.fromkeys(("what_happened", "observation", "purpose", FILLER, HEADER), True)
_PRIVATE = 1.0  # in favour of the worker's own matters, which must not end up anywhere else

Pair: TypeAlias = "tuple[Reading, Place]"


@dataclass(frozen=True, slots=True)
class Model:
    """What training made. Rows of `weights`: meaning, then signs, then one that is always there."""

    labels: tuple[str, ...]
    signs: tuple[str, ...]
    weights: NDArray[np.float32]  # (SIZE + signs + 1, labels)
    follows: NDArray[np.float32]  # (labels + 1, labels): log odds of each after each, last: first


def labels(
    pairs: Sequence[Pair], *, wellbeing: bool, trained: Model | None = None
) -> tuple[str, ...]:
    """A section key, or FILLER, for each sentence of one note.

    Args:
        pairs: the sentences in order, each with its place.
        wellbeing: the note has a place for the worker's own matters.
        trained: another model than the one that comes with the project.
    """
    if pairs and pairs[0][1].kind == ANNOTATION:
        return tuple(_comment(reading, place) for reading, place in pairs)
    found = trained or model()
    scores = log_probabilities(found, features(found.signs, pairs))
    _forbid(found.labels, scores, pairs, wellbeing=wellbeing)
    best = likeliest(scores, found.follows)
    if all(found.labels[one] == FILLER for one in best):  # somebody recorded this for a reason
        full = [not empty(reading) for reading, _ in pairs]
        scores[full, found.labels.index(FILLER)] += _NEVER
        best = likeliest(scores, found.follows)
    return tuple(_kept_private(pairs, [found.labels[one] for one in best]))


def _forbid(
    keys: Sequence[str], scores: NDArray[np.float32], pairs: Sequence[Pair], *, wellbeing: bool
) -> None:
    """Take out of `scores` what may not be, whatever a sentence weighs."""
    private, told, dated = keys.index(WELLBEING), False, False
    for index, (row, (reading, place)) in enumerate(zip(scores, pairs, strict=True)):
        own = wellbeing and not names_young(reading, place)
        row[private] += _PRIVATE if own else 0 if wellbeing else _NEVER
        row[private] += _NEVER if of_both(reading) else 0
        told = told or reports_young(reading)
        said = tells(reading, place) or (index > 0 and answers(reading, pairs[index - 1][0]))
        head = _is_header(reading, place, dated=dated)
        never = {
            FILLER: said,
            HEADER: not (head or opens(reading, place)),
            WORDS: not told or told_by_another(reading) or only_worker_says(reading),
            ACTION: only_tells(reading, place),
        }
        if lies_ahead(reading, place):
            never |= _PAST
        row[[never.get(key, False) for key in keys]] += _NEVER
        if reading.quotes_young:  # attribution wins
            row[[key != WORDS for key in keys]] += _NEVER
        elif head:
            row[[key != HEADER for key in keys]] += _NEVER
        elif wellbeing and of_worker(reading, place):
            row[[key not in {WELLBEING, FILLER} for key in keys]] += _NEVER
        dated = dated or (opens(reading, place) and bool(times(reading.text)))


def _is_header(reading: Reading, place: Place, *, dated: bool) -> bool:
    """Whether it can be nothing but who, when or where; when is said once."""
    if says_where(reading, place) or says_with_whom(reading, place):
        return True
    return not dated and says_when(reading, place)


def _kept_private(pairs: Sequence[Pair], said: list[str]) -> list[str]:
    """What a worker answers when asked about themself stays with the question.

    "The ninth of June, I need that" has no word of its own that shows whose matter it is, and the
    worker's own matters must never reach a young person's record.
    """
    for index in range(1, len(said)):
        reading, place = pairs[index]
        asked = said[index - 1] == WELLBEING and reading.role == "worker"
        theirs = names_young(reading, place) or of_both(reading)
        if asked and said[index] != FILLER and not theirs:
            said[index] = WELLBEING
    return said


def features(signs: Sequence[str], pairs: Sequence[Pair]) -> NDArray[np.float32]:
    """One row a sentence: (sentences, SIZE + signs + 1)."""
    column = {name: SIZE + n for n, name in enumerate(signs)}
    made = np.zeros((len(pairs), SIZE + len(signs) + 1), np.float32)
    made[:, :SIZE] = _MEANING * embed([_unnamed(reading, place) for reading, place in pairs])
    made[:, -1] = _SIGN
    for row, (reading, place) in zip(made, pairs, strict=True):
        row[[column[name] for name in evidence(reading, place) if name in column]] = _SIGN
    return made


def log_probabilities(found: Model, made: NDArray[np.float32]) -> NDArray[np.float32]:
    """The model's view of each sentence by itself: (sentences, labels)."""
    raw = made @ found.weights
    raw -= raw.max(axis=1, keepdims=True, initial=_NEVER)
    return np.asarray(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)), np.float32)


def likeliest(scores: NDArray[np.float32], follows: NDArray[np.float32]) -> list[int]:
    """The best row of labels as a whole (Viterbi)."""
    if not len(scores):
        return []
    best = scores[0] + follows[-1]
    came_from: list[NDArray[np.intp]] = []
    for score in scores[1:]:
        ways = best[:, None] + follows[:-1]
        came_from.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + score
    path = [int(best.argmax())]
    for step in reversed(came_from):
        path.append(int(step[path[-1]]))
    return path[::-1]


@cache
def model() -> Model:
    """The trained model that comes with the project.

    Raises:
        FilingModelError: it is not the one this code was made with.
    """
    data = (resources.files(__package__) / "data" / "filing.npz").read_bytes()
    if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
        raise FilingModelError("the filing model is not the one this version was made with")
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return Model(
            tuple(map(str, kept["labels"])),
            tuple(map(str, kept["signs"])),
            kept["weights"],
            kept["follows"],
        )


def _unnamed(reading: Reading, place: Place) -> str:
    text = reading.text
    young = [one for one in place.cast.mentions(text) if one.word in place.cast.young]
    for one in reversed(young):
        text = text[: one.start] + _NAME + text[one.end :]
    return text


def _comment(reading: Reading, place: Place) -> str:
    introduces = names_speaker(reading, place) or header_cues.KIND_OF_NOTE.search(reading.bare)
    if place.index <= _OPENING and introduces:
        return HEADER
    return FILLER if empty(reading) else WORDS
