"""Train the model that files sentences: python -m tools.train_filing, with or without --evaluate.

Without a word it writes transcribe/draft/data/filing.npz and prints the sum to put into
transcribe/draft/labels.py. With --evaluate it writes nothing: it trains on four fifths of the notes
and scores the rest, five times over, for each weight of "what follows what". With --others it
leaves out one way of speaking after another and scores its notes by a model of all the rest.
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
SHORT = 4  # sentences
RARE = 2  # a sign that fewer sentences show is left out
ORDERS = (0.0, 0.4, 0.7)
FOLDS = 5
CHOSEN = ("training", "tuning")
ADDED = ("unseen", "others", "others_2")  # once they had been scored as what nobody had seen

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Note:
    """One labelled note, read."""

    kind: str
    pairs: tuple[Pair, ...]
    wanted: tuple[int, ...]  # indexes into LABELS
    fair: tuple[frozenset[int], ...]  # what else a reader could choose


def _cases(*names: str) -> list[Case]:
    """The notes of some files of tests/labelled."""
    return [case for name in names for case in load_own(OWN / f"{name}.toml")]


def _as_written(case: Case) -> list[Note]:
    return [_note(case, [(one.text,) for one in from_script(case.script)])]


def _heard(case: Case) -> list[Note]:
    """The same, with sentences cut in pieces as a speech engine cuts them."""
    return [_note(case, [_as_heard(one.text) for one in from_script(case.script)])]


def _in_short(case: Case) -> list[Note]:
    """The same, each sentence or few of them a recording of their own.

    People also record one thing by itself. Without these, what a first sentence says would weigh
    less than that it comes first.
    """
    chance = random.Random(case.script)  # noqa: S311 - the same pieces every time
    script, lines, made = case.script.splitlines(), case.lines, []
    while lines:
        size = chance.randint(1, SHORT)
        made += _as_written(replace(case, script="\n".join(script[:size]), lines=lines[:size]))
        script, lines = script[size:], lines[size:]
    return made


WAYS = {"written": _as_written, "heard": _heard, "in short": _in_short}


def _note(case: Case, texts: Sequence[Sequence[str]]) -> Note:
    pieces = [
        (replace(utterance, text=text), line)
        for utterance, line, said in zip(from_script(case.script), case.lines, texts, strict=True)
        for text in said
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
    """Score each fifth of the notes by a model of the rest, read in every way."""
    fixed = [note for case in _cases("rules") for way in WAYS.values() for note in way(case)]
    read = {name: [way(case) for case in _cases(*CHOSEN)] for name, way in WAYS.items()}
    signs = signs_of([*fixed, *(note for each in read.values() for made in each for note in made)])
    folds = [
        train([*fixed, *(note for each in read.values() for note in _but(fold, each))], signs, 1.0)
        for fold in range(FOLDS)
    ]
    for name, notes in read.items():
        for order in ORDERS:
            scored = [
                (note, _said(note, replace(found, follows=order * found.follows)))
                for fold, found in enumerate(folds)
                for made in notes[fold::FOLDS]
                for note in made
                if note.kind != ANNOTATION
            ]
            _print(f"{name}, order {order}", scored)


def leave_out() -> None:
    """Score each way of speaking in `others.toml` by a model that has not seen it."""
    cases = _cases("rules", *CHOSEN, *ADDED)
    read = [(case.by, [note for way in WAYS.values() for note in way(case)]) for case in cases]
    for by in sorted({case.by for case in cases} - {""}):
        rest = [note for other, notes in read if other != by for note in notes]
        found = train(rest, signs_of(rest), ORDER)
        whole = [note for case in cases if case.by == by for note in _as_written(case)]
        _print(by, [(note, _said(note, found)) for note in whole])


def _but(fold: int, read: list[list[Note]]) -> list[Note]:
    return [note for index, made in enumerate(read) if index % FOLDS != fold for note in made]


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
    if "--others" in arguments:
        leave_out()
        return
    cases = _cases("rules", *CHOSEN, *ADDED)
    notes = [note for way in WAYS.values() for case in cases for note in way(case)]
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
