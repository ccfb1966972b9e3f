"""The note as plain text that pastes into Mosaic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recorder.export.body import body
from recorder.export.model import Approved
from recorder.export.text import forbidden

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
