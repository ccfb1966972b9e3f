"""Drafts and transcripts as bytes for the store, and back."""

from __future__ import annotations

import msgspec

from transcribe.model import Draft, Transcript

_ENCODER = msgspec.json.Encoder(order="deterministic")


def encode(value: Draft | Transcript) -> bytes:
    """Equal values give equal bytes."""
    return _ENCODER.encode(value)


def decode_draft(payload: bytes) -> Draft:
    """The draft that was encoded."""
    return msgspec.json.decode(payload, type=Draft)


def decode_transcript(payload: bytes) -> Transcript:
    """The transcript that was encoded."""
    return msgspec.json.decode(payload, type=Transcript)
