"""The JSON that `recorder process --json` and `recorder draft --json` print: format 1.

Keys are added, never renamed or removed, within a format; docs/FORMAT.md describes each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transcribe.model import (
    Action,
    Check,
    Draft,
    LeftOut,
    Remark,
    Reworded,
    Source,
    Statement,
    Transcript,
    Word,
)

FORMAT = 1


def document(
    draft: Draft,
    case: str | None,
    transcripts: Sequence[Transcript],
    remarks: Sequence[Remark] = (),
) -> dict[str, Any]:
    """One note and what it was made from, as plain JSON values. Times are ms, dates ISO."""
    note = _note(draft, case) | {"remarks": [_remark(each) for each in remarks]}
    return {"format": FORMAT, "note": note, "transcript": _transcript(transcripts)}


def _note(draft: Draft, case: str | None) -> dict[str, Any]:
    contact = draft.contact
    return {
        "kind": draft.kind,
        "case": case,
        "contact": {
            "date": None if contact.date is None else contact.date.isoformat(),
            "start_time": contact.start_time,
            "end_time": contact.end_time,
            "method": contact.method,
            "place": contact.place,
            "present": list(contact.present),
            "seen": contact.seen,
            "seen_alone": contact.seen_alone,
        },
        "statements": [_statement(each) for each in draft.statements],
        "actions": [_action(each) for each in draft.actions],
        "quotes": list(draft.quotes),
        "left_out": [_left_out(each) for each in draft.left_out],
        "reworded": [_reworded(each) for each in draft.reworded],
        "made_with": {"template": draft.template, "models": list(draft.models)},
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "section": statement.section,
        "text": statement.text,
        "origin": statement.origin.value,
        "speaker": statement.speaker,
        "sources": [_source(each) for each in statement.sources],
        "checks": [_check(each) for each in statement.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    found = {"code": check.code, "level": check.level, "message": check.message}
    if check.confirmed is None:
        return found
    return {**found, "confirmed": {"name": check.confirmed.name, "why": check.confirmed.why}}


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "code": remark.code,
        "message": remark.message,
        "section": remark.section,
        "source": None if remark.source is None else _source(remark.source),
    }


def _source(source: Source) -> dict[str, Any]:
    where = {
        "recording": source.recording,
        "start_ms": source.start_ms,
        "end_ms": source.end_ms,
    }
    return where if source.typed_by is None else {**where, "typed_by": source.typed_by}


def _action(action: Action) -> dict[str, Any]:
    due = None if action.due is None else action.due.isoformat()
    said = {"what": action.what, "who": action.who, "due": due}
    return {**said, "private": True} if action.private else said


def _left_out(left_out: LeftOut) -> dict[str, Any]:
    return {
        "text": left_out.text,
        "why": left_out.why,
        "start_ms": left_out.start_ms,
        "end_ms": left_out.end_ms,
    }


def _reworded(one: Reworded) -> dict[str, Any]:
    return {
        "recording": one.recording,
        "model": one.model,
        "prompts_sha256": one.prompts_sha256,
        "parameters": one.parameters,
        "given": one.given,
        "worded": one.worded,
        "kept": one.kept,
    }


def _name(word: Word) -> dict[str, Any]:
    return {
        "start_ms": word.start_ms,
        "text": word.text,
        "heard": word.heard,
        "perhaps": word.perhaps,
    }


def _transcript(transcripts: Sequence[Transcript]) -> dict[str, Any]:
    first = transcripts[0] if transcripts else None
    return {
        "model": None if first is None else first.model,
        "model_sha256": None if first is None else first.model_sha256,
        "parameters": None if first is None else first.parameters,
        "language": None if first is None else first.language,
        "segments": [
            {
                "start_ms": segment.start_ms,
                "end_ms": segment.end_ms,
                "text": segment.text,
                "speaker": segment.speaker,
                "probability": segment.probability,
                "names": [_name(word) for word in segment.words if word.heard or word.perhaps],
            }
            for transcript in transcripts
            for segment in transcript.segments
        ],
    }
