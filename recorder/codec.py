"""Drafts and transcripts as bytes for the store, and back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from recorder.living import Living
from store.payloads import decode
from transcribe.corrected import Correction
from transcribe.model import Draft, Part, Transcript
from transcribe.voices import Look

_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class HeardPart:
    """A part of a transcript in the making, and how it was heard."""

    how: str  # fingerprint of language, model and parameters
    part: Part
    looks: tuple[Look, ...] = ()  # where voices are told apart


def encode(value: Draft | Transcript | HeardPart | Correction | Living) -> bytes:
    """Equal values give equal bytes."""
    return _ENCODER.encode(value)


def decode_draft(payload: bytes) -> Draft:
    """The draft that was encoded; TamperedError for anything else."""
    return decode(payload, Draft)


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


def fingerprint(value: object) -> str:
    """The same for equal values, another for others (SHA-256, 64 hex digits)."""
    return hashlib.sha256(_ENCODER.encode(value)).hexdigest()
