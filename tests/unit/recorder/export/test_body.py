"""The note as plain text that pastes into Mosaic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recorder.export.body import body
from recorder.export.model import Answered, Approved, Reply
from recorder.export.text import forbidden
from recorder.review.saying import KEEP_BACK, NOT_RIGHT

Make = Callable[..., Approved]

EXPECTED = """\
Date: 5 November 2026
Time: 15:45 to 16:30
Method: In person, outdoors
Place: By the river, Wandsworth Park
Present: Dele Adeyemi, Jordan Taylor
Seen: yes
Seen alone: not recorded
This is Dele, case note for Jordan, Thursday the fifth of November.

Why we met
We met to look at the safety plan after what happened at the bus stop.

What happened
We walked by the river and drew the way home on a map.
I would rather take the bus that stops by the library. (Said by Jordan)

What the young person said
He said three older boys followed him off the bus.
“I'm not scared for me, I'm scared for her.”

What I saw and heard
He looked tired and kept his hood up.

What is going well
He chose the two safe places himself.

Worries and safety
He was not hit, and nobody showed him a knife.

What I think this means
I think the boys know where his nan lives. (Dictated by Dele Adeyemi)
This fits what the school told us. (Written by Dele Adeyemi)

What happens next
Ring the school about the early bus — Dele — by 13 November 2026
Bring the map next time — who not recorded — no date recorded

Jordan's reply, 6 November 2026: That's right.
But I want to go on my own on Fridays.

Version 3 approved by Priya Shah, 6 November 2026 at 15:02."""


def test_a_disagreement_stands_under_its_sentence_and_the_rest_at_the_end(make: Make) -> None:
    day = dt.datetime(2026, 11, 6, 18, 30, tzinfo=dt.UTC)
    answer = Answered("You are right.", day, "Dele Adeyemi")
    replies = (
        Reply("It was my idea.", day, "Jordan", NOT_RIGHT, "We walked.", "s3", (answer,)),
        Reply("", day, "Jordan", KEEP_BACK, "We met.", "s2"),
        Reply("Not so.", day, "Jordan", NOT_RIGHT, "What went since.", ""),
    )
    text = body(make(replies=replies))
    assert (
        """
We walked by the river and drew the way home on a map.
Jordan sees this differently, in their words, 6 November 2026: It was my idea.
Answered by Dele Adeyemi, 6 November 2026: You are right.
"""
        in text
    )
    assert text.count("It was my idea.") == 1
    assert (
        """
Jordan asks that this is not shared (about: “We met.”), 6 November 2026.

Jordan sees this differently, in their words (about: “What went since.”), 6 November 2026: Not so.

Version"""
        in text
    )


def test_the_whole_note_reads_as_it_should(make: Make) -> None:
    assert body(make()) == EXPECTED


@given(text=st.text(min_size=1).filter(lambda text: not forbidden(text, lines=False)))
def test_every_word_stands_in_the_body_unaltered(make: Make, text: str) -> None:
    draft = make().draft
    statements = (replace(draft.statements[2], text=text), *draft.statements[3:])
    assert f"\n{text}\n" in body(make(draft=replace(draft, statements=statements)))


def test_a_sentence_with_lines_keeps_them_without_carriage_returns(make: Make) -> None:
    draft = make().draft
    statement = replace(draft.statements[2], text="First.\r\nSecond.")
    assert "\nFirst.\nSecond.\n" in body(make(draft=replace(draft, statements=(statement,))))
