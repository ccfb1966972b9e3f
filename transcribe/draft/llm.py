"""Sentences tidied by a language model, where it can be told for certain that they say the same.

Two passes: facts, each from one sentence; then sentences, each from facts. What comes back is set
against what was said; what is not surely the same stands as it was said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from transcribe.draft import llm_gate
from transcribe.draft.cast import Cast, make_cast
from transcribe.draft.checks import Said, harm
from transcribe.draft.checks.stems import TOKEN, folded
from transcribe.draft.labels import ANNOTATION
from transcribe.draft.llm_prompts import (
    FACTS,
    SENTENCES,
    Facts,
    Sentences,
    fenced,
    prompts_sha256,
    schema,
)
from transcribe.model import NO_ANSWER, Check, Draft, Origin, Reworded, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from transcribe.model import Person

REWORDED = "reworded"
"""The code of the mark on a sentence that a model worded."""
NONSENSE, SEVERAL, MISSING = "nonsense", "several", "missing"
"""Why a sentence stands as it was said, beside `NO_ANSWER` and the reasons of the gate."""

_SECTIONS = frozenset(("purpose", "what_happened"))
_FEWEST, _MOST = 6, 80  # words of a sentence that is worth it
_AT_ONCE = 6  # sentences in one question
_MARK = "A language model tidied this sentence. Listen, or put back the words that were said: “{}”"

T = TypeVar("T")


class NoAnswerError(Exception):
    """The model is away, too slow, or answers at too great a length. It is not asked again."""


class NonsenseError(Exception):
    """The model's answer is none."""


class Model(Protocol):
    """What answers questions."""

    @property
    def name(self) -> str:
        """Of the model."""

    @property
    def parameters(self) -> Mapping[str, str | int | float]:
        """With which it is asked."""

    def ask(self, system: str, data: str, shape: Mapping[str, object]) -> str:
        """The answer to `data` under the instructions `system`; NoAnswerError, NonsenseError."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """What became of a sentence."""

    text: str | None = None  # as a model words it
    why: str | None = None  # it stands as it was said


def reworded(
    draft: Draft, model: Model, people: Sequence[Person], recorded: date, recording: str
) -> Draft:
    """`draft` with what of it may be tidied tidied, marked, and on record.

    Nothing that a model does fails: whatever it is, the words that were said stand.

    Args:
        draft: what was made from one recording.
        model: what is asked.
        people: everybody the case knows.
        recorded: the day on which it was said.
        recording: the recording's id.
    """
    cast = make_cast(people, (one.text for one in draft.statements))
    given = [one for one in draft.statements if may_be_given(one, draft.kind, cast)]
    answers: dict[str, _Answered] = {}
    for start in range(0, len(given), _AT_ONCE):
        answers |= _asked(model, given[start : start + _AT_ONCE])
        if any(each.why == NO_ANSWER for each in answers.values()):
            break
    judged = {one.id: _judged(one, answers.get(one.id), recorded, cast) for one in given}
    texts = {key: each.text for key, each in judged.items() if each.text is not None}
    why = Counter(each.why for each in judged.values() if each.why is not None)
    record = Reworded(
        recording=recording,
        model=model.name,
        prompts_sha256=prompts_sha256(),
        parameters=dict(model.parameters),
        given=len(given),
        worded=len(texts),
        kept=dict(sorted(why.items())),
    )
    statements = tuple(
        _marked(each, texts[each.id]) if each.id in texts else each for each in draft.statements
    )
    return replace(draft, statements=statements, reworded=(*draft.reworded, record))


def may_be_given(one: Statement, kind: str, cast: Cast) -> bool:
    """Whether a model is given this sentence at all.

    Only the worker's own account, with nothing in it to check, no quotation and no word for serious
    harm: no view, decision, worry or task, and nobody else's words.
    """
    plain = folded(one.text)
    return (
        kind != ANNOTATION
        and one.section in _SECTIONS
        and one.origin is Origin.MACHINE
        and not one.checks
        and (one.speaker is None or one.speaker in cast.practitioners)
        and _FEWEST <= len(TOKEN.findall(plain)) <= _MOST
        and not any(mark in plain for mark in ('"', "quote"))
        and not harm.found(one.text)
    )


def _asked(model: Model, given: Sequence[Statement]) -> dict[str, _Answered]:
    """What a model makes of some sentences, by their ids."""
    try:
        return _two_passes(model, {one.id: one.text for one in given})
    except NoAnswerError:
        return {one.id: _Answered(why=NO_ANSWER) for one in given}
    except NonsenseError:
        return {one.id: _Answered(why=NONSENSE) for one in given}


def _two_passes(model: Model, lines: Mapping[str, str]) -> dict[str, _Answered]:
    first = model.ask(FACTS, fenced(lines), schema("facts", "fact", lines))
    found = _decoded(first, Facts).facts
    facts = {f"f{n}": each for n, each in enumerate(found, start=1)}
    if not facts or any(not lines.keys() >= set(each.from_) for each in found):
        raise NonsenseError
    asked = {key: each.fact for key, each in facts.items()}
    second = model.ask(SENTENCES, fenced(asked), schema("sentences", "text", asked))
    made = _decoded(second, Sentences).sentences
    if any(not facts.keys() >= set(each.from_) for each in made):
        raise NonsenseError
    texts: dict[str, list[str]] = {}
    mixed: set[str] = set()
    for each in made:
        stands_on = {line for fact in each.from_ for line in facts[fact].from_}
        if len(stands_on) > 1:
            mixed |= stands_on
        for line in stands_on:
            texts.setdefault(line, []).append(" ".join(each.text.split()))
    return dict(_sorted_out(lines, texts, mixed))


def _sorted_out(
    lines: Mapping[str, str], texts: Mapping[str, list[str]], mixed: set[str]
) -> Iterator[tuple[str, _Answered]]:
    for line in lines:
        if line in mixed:
            yield line, _Answered(why=SEVERAL)
        elif line in texts:
            yield line, _Answered(" ".join(texts[line]))
        else:
            yield line, _Answered(why=MISSING)


def _decoded(answer: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NonsenseError from error


def _judged(one: Statement, answer: _Answered | None, recorded: date, cast: Cast) -> _Answered:
    """An answer, unless it cannot stand in place of what was said."""
    if answer is None:
        return _Answered(why=NO_ANSWER)
    if answer.text is None:
        return answer
    speaker = one.speaker or next(iter(cast.practitioners), None)
    why = llm_gate.refused(answer.text, Said(one.text, recorded, cast, speaker))
    return answer if why is None else _Answered(why=why)


def _marked(one: Statement, text: str) -> Statement:
    mark = Check(REWORDED, "look", _MARK.format(one.text), instead=one.text)
    return replace(one, text=text, checks=(*one.checks, mark))
