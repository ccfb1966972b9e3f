"""Train the model that files sentences: python -m tools.train_filing, with or without --evaluate.

Without a word it writes transcribe/draft/data/filing.npz and prints the sum to put into
transcribe/draft/labels.py. With --evaluate it writes nothing: it trains on four fifths of the notes
and scores the rest, five times over, for each weight of "what follows what".
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.drafting import OWN, Case, load_own
from transcribe.draft import from_script
from transcribe.draft.cast import make_cast
from transcribe.draft.evidence import evidence
from transcribe.draft.filing import placed
from transcribe.draft.fragments import follows
from transcribe.draft.labels import (
    ANNOTATION,
    FILLER,
    WELLBEING,
    Model,
    Pair,
    features,
    labels,
)

LABELS = (
    *("header", "purpose", "what_happened", "young_person_words", "observation", "strength"),
    *("worry", "analysis", "decision", "action", WELLBEING, FILLER),
)
TARGET = Path(__file__).resolve().parents[1] / "transcribe" / "draft" / "data" / "filing.npz"
STIFFNESS = 0.5  # L2 penalty
STEPS = 200
STOPS = (
    0.5  # of the commas at which a speech engine writes a full stop, as counted on the spoken cases
)
ORDER = 0.5  # weight of "what follows what"; chosen with --evaluate
RARE = 2  # a sign that fewer sentences show is left out
ORDERS = (0.0, 0.4, 0.7)
FOLDS = 5
CHOSEN = ("training", "tuning")

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Note:
    """One labelled note, read."""

    kind: str
    pairs: tuple[Pair, ...]
    wanted: tuple[int, ...]  # indexes into LABELS
    fair: tuple[frozenset[int], ...]  # what else a reader could choose


def read_notes(*names: str) -> list[Note]:
    """The notes of some files of tests/labelled."""
    return [_note(case) for case in _cases(names)]


def _cases(names: Sequence[str]) -> list[Case]:
    return [case for name in names for case in load_own(OWN / f"{name}.toml")]


def read_as_heard(*names: str) -> list[Note]:
    """The same notes, cut in pieces as a speech engine cuts them."""
    return [_note(case, as_heard=True) for case in _cases(names)]


def _note(case: Case, *, as_heard: bool = False) -> Note:
    pieces = [
        (replace(utterance, text=text), line)
        for utterance, line in zip(from_script(case.script), case.lines, strict=True)
        for text in (_as_heard(utterance.text) if as_heard else (utterance.text,))
    ]
    cast = make_cast(case.people, (one.text for one, _ in pieces))
    return Note(
        case.kind,
        placed([one for one, _ in pieces], case.kind, cast, case.recorded_at),
        tuple(LABELS.index(line.label) for _, line in pieces),
        tuple(frozenset(map(LABELS.index, line.alternatives)) for _, line in pieces),
    )


def _as_heard(text: str) -> list[str]:
    """A sentence as a speech engine often gives it: with a full stop at every other breath."""
    chance = random.Random(text)  # noqa: S311 - the same pieces every time
    pieces = [text.split(", ", maxsplit=1)[0]]
    for piece in text.split(", ")[1:]:
        opened = piece[:1].upper() + piece[1:]
        if chance.random() < STOPS and not follows(f"{pieces[-1]}.", opened):
            pieces[-1] += "."
            pieces.append(opened)
        else:
            pieces[-1] += f", {piece}"
    return pieces


def train(notes: Sequence[Note], signs: tuple[str, ...], order: float) -> Model:
    """The model for some notes."""
    made = np.concatenate([features(signs, note.pairs) for note in notes])
    wanted = np.array([one for note in notes for one in note.wanted])
    return Model(LABELS, signs, _weights(made, wanted), _follows(notes, order))


def signs_of(notes: Sequence[Note]) -> tuple[str, ...]:
    """The signs that enough sentences show, in order of their names."""
    shown = Counter(name for note in notes for pair in note.pairs for name in evidence(*pair))
    return tuple(sorted(name for name, count in shown.items() if count >= RARE))


def _weights(made: Floats, wanted: NDArray[np.int64]) -> Floats:
    """Multinomial logistic regression, by gradient steps with Nesterov's momentum."""
    truth = np.eye(len(LABELS), dtype=np.float32)[wanted]
    square = made.T @ made if made.shape[0] > made.shape[1] else made @ made.T
    step = 1 / (0.5 * float(np.linalg.eigvalsh(square)[-1]) + STIFFNESS)
    weights = ahead = np.zeros((made.shape[1], len(LABELS)), np.float32)
    pace = 1.0
    for _ in range(STEPS):
        raw = made @ ahead
        shares = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        better = ahead - np.float32(step) * (made.T @ (shares - truth) + STIFFNESS * ahead)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = better + np.float32((pace - 1) / faster) * (better - weights)
        weights, pace = better, faster
    return weights


def _follows(notes: Sequence[Note], order: float) -> Floats:
    """Log odds of each label after each, over how common it is at all; the last row: at the start."""
    counts = np.ones((len(LABELS) + 1, len(LABELS)))
    for note in notes:
        before = len(LABELS)
        for label in note.wanted:
            counts[before, label] += 1
            before = label
    common = np.bincount([one for note in notes for one in note.wanted], minlength=len(LABELS))
    odds = np.log(counts / counts.sum(axis=1, keepdims=True)) - np.log(common / common.sum())
    return np.asarray(order * odds, np.float32)


def evaluate() -> None:
    """Score each fifth of the notes by a model of the rest, as written and as heard."""
    written, heard = read_notes(*CHOSEN), read_as_heard(*CHOSEN)
    fixed = [*read_notes("rules"), *read_as_heard("rules")]
    signs = signs_of([*fixed, *written, *heard])
    folds = [
        train([*fixed, *_but(fold, written), *_but(fold, heard)], signs, 1.0)
        for fold in range(FOLDS)
    ]
    for name, notes in (("written", written), ("heard", heard)):
        for order in ORDERS:
            scored = [
                (note, _said(note, replace(found, follows=order * found.follows)))
                for fold, found in enumerate(folds)
                for note in notes[fold::FOLDS]
                if note.kind != ANNOTATION
            ]
            _print(f"{name}, order {order}", scored)


def _but(fold: int, notes: list[Note]) -> list[Note]:
    return [note for index, note in enumerate(notes) if index % FOLDS != fold]


def _said(note: Note, found: Model) -> list[int]:
    private = note.kind == "supervision"
    return [LABELS.index(key) for key in labels(note.pairs, wellbeing=private, trained=found)]


def _print(name: str, scored: list[tuple[Note, list[int]]]) -> None:
    pairs = [
        (wanted, said, fair)
        for note, path in scored
        for wanted, said, fair in zip(note.wanted, path, note.fair, strict=True)
    ]
    wanted, said = Counter(one for one, _, _ in pairs), Counter(one for _, one, _ in pairs)
    right = Counter(one for one, two, _ in pairs if one == two)
    fair = sum(one == two or two in also for one, two, also in pairs)
    scores = {key: 2 * right[n] / (wanted[n] + said[n] or 1) for n, key in enumerate(LABELS)}
    private = LABELS.index(WELLBEING)
    leaked = sum(
        one == private and two not in (private, LABELS.index(FILLER)) for one, two, _ in pairs
    )
    print(
        f"{name}: macro-F1 {sum(scores.values()) / len(scores):.3f}, right {right.total()}, "
        f"fair {fair} of {len(pairs)}, the worker's own matters filed elsewhere {leaked}"
    )
    print("  " + ", ".join(f"{key} {score:.2f}" for key, score in scores.items()))


def main(arguments: list[str]) -> None:
    if "--evaluate" in arguments:
        evaluate()
        return
    notes = [*read_notes("rules", *CHOSEN), *read_as_heard("rules", *CHOSEN)]
    made = train(notes, signs_of(notes), ORDER)
    np.savez(
        TARGET,
        labels=np.array(made.labels),
        signs=np.array(made.signs),
        weights=made.weights,
        follows=made.follows,
    )
    print(hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
