"""Drafts and transcripts as bytes for the store, and back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from typing import TypeAlias

import msgspec

from recorder.living import Living
from recorder.rulings import Heard, HeardAgain, Returned
from store.payloads import decode, decode_text
from transcribe.corrected import Correction
from transcribe.model import Draft, Part, Transcript
from transcribe.voices import Look

_RETURNED = b"\0returned 1\0"
_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class _NextOn:
    next_on: Date | None = None


@dataclass(frozen=True, slots=True)
class _Next:
    """As much of a draft as says when the next supervision is."""

    contact: _NextOn


@dataclass(frozen=True, slots=True)
class HeardPart:
    """A part of a transcript in the making, and how it was heard."""

    how: str  # fingerprint of language, model and parameters
    part: Part
    looks: tuple[Look, ...] = ()  # where voices are told apart


Value: TypeAlias = (
    Draft | Transcript | HeardPart | Correction | Living | Heard | HeardAgain | Returned
)


def encode(value: Value) -> bytes:
    """Equal values give equal bytes."""
    return _ENCODER.encode(value)


def decode_draft(payload: bytes) -> Draft:
    """The draft that was encoded; TamperedError for anything else."""
    return decode(payload, Draft)


def next_on(payload: bytes) -> Date | None:
    """When a draft says that the next supervision is, without the rest of it; TamperedError."""
    return decode(payload, _Next).contact.next_on


def decode_transcript(payload: bytes) -> Transcript:
    """The transcript that was encoded; TamperedError for anything else."""
    return decode(payload, Transcript)


def decode_part(payload: bytes) -> HeardPart:
    """The part that was encoded; TamperedError for anything else."""
    return decode(payload, HeardPart)


def decode_correction(payload: bytes) -> Correction:
    """The correction that was encoded; TamperedError for anything else."""
    return decode(payload, Correction)


def decode_living(payload: bytes) -> Living:
    """The living summary that was encoded; TamperedError for anything else."""
    return decode(payload, Living)


def decode_heard(payload: bytes) -> Heard:
    """The listening that was encoded; TamperedError for anything else."""
    return decode(payload, Heard)


def decode_heard_again(payload: bytes) -> HeardAgain:
    """The outcome that was encoded; TamperedError for anything else."""
    return decode(payload, HeardAgain)


def encode_returned(value: Returned) -> bytes:
    """Why a note was returned, so that it is never taken for the plain text that once stood there."""
    return _RETURNED + encode(value)


def decode_returned(payload: bytes) -> Returned:
    """Why a note was returned; TamperedError. Before sentences were marked it was one plain text."""
    if payload.startswith(_RETURNED):
        return decode(payload.removeprefix(_RETURNED), Returned)
    return Returned(decode_text(payload))


def fingerprint(value: object) -> str:
    """The same for equal values, another for others (SHA-256, 64 hex digits)."""
    return hashlib.sha256(_ENCODER.encode(value)).hexdigest()
