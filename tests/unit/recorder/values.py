"""Any value that a payload may hold, for properties of what encodes them."""

from __future__ import annotations

from hypothesis import strategies as st

from recorder.codec import HeardPart
from transcribe.model import (
    Action,
    Check,
    Contact,
    Draft,
    LeftOut,
    Origin,
    Part,
    Removed,
    Segment,
    Source,
    Statement,
    Transcript,
    Word,
)

TEXTS = st.text(max_size=30)
TIMES = st.integers(0, 2**53)
_maybe_text, _maybe_time = st.none() | TEXTS, st.none() | TIMES
_shares = st.floats(0, 1)

SOURCES = st.builds(Source, _maybe_text, _maybe_time, _maybe_time, _maybe_text)
_standing = st.lists(SOURCES, min_size=1, max_size=3).map(tuple)
_checks = st.builds(Check, TEXTS, st.sampled_from(["block", "look"]), TEXTS)
STATEMENTS = st.builds(
    Statement,
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(Origin),
    _maybe_text,
    _standing,
    st.lists(_checks, max_size=2).map(tuple),
)
ACTIONS = st.builds(Action, TEXTS, _maybe_text, st.none() | st.dates(), _standing, st.booleans())
CONTACTS = st.builds(
    Contact,
    st.none() | st.dates(),
    _maybe_text,
    _maybe_text,
    _maybe_text,
    _maybe_text,
    st.lists(TEXTS, max_size=3).map(tuple),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
DRAFTS = st.builds(
    Draft,
    TEXTS,
    CONTACTS,
    st.lists(STATEMENTS, max_size=3).map(tuple),
    st.lists(ACTIONS, max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(st.builds(LeftOut, TEXTS, TEXTS, _maybe_time, _maybe_time), max_size=2).map(tuple),
    TEXTS,
    removed=st.lists(st.builds(Removed, STATEMENTS, TEXTS, TEXTS, TEXTS, TIMES), max_size=2).map(
        tuple
    ),
)
_words = st.builds(Word, TIMES, TIMES, TEXTS, _shares)
SEGMENTS = st.builds(
    Segment,
    _maybe_time,
    _maybe_time,
    TEXTS,
    _maybe_text,
    st.none() | _shares,
    st.lists(_words, max_size=2).map(tuple),
)
_settings = st.none() | st.booleans() | TIMES | _shares | TEXTS
TRANSCRIPTS = st.builds(
    Transcript,
    TEXTS,
    TEXTS,
    TEXTS,
    st.dictionaries(TEXTS, _settings, max_size=3),
    TIMES,
    st.lists(SEGMENTS, max_size=3).map(tuple),
)
PARTS = st.builds(
    HeardPart, TEXTS, st.builds(Part, TIMES, st.lists(SEGMENTS, max_size=3).map(tuple))
)
