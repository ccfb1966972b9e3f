"""What a note as a whole lacks."""

from dataclasses import replace
from datetime import date, datetime

from templates import note_type
from transcribe.draft.checks.whole import remarks
from transcribe.model import (
    Action,
    Contact,
    Draft,
    LeftOut,
    Origin,
    Remark,
    Source,
    Statement,
    Utterance,
)

SPAN = Source("r1", 1_000, 2_000)


def said(section: str, text: str, source: Source = SPAN) -> Statement:
    return Statement(f"{section}-1", section, text, Origin.MACHINE, "Dele", (source,))


WHOLE = Draft(
    kind="case_note",
    contact=Contact(
        date=date(2026, 3, 10),
        start_time="15:45",
        end_time="16:30",
        method="home visit",
        place="home",
        present=("Dele", "Kwame"),
        seen=True,
        seen_alone=True,
    ),
    statements=(
        said("header", "I saw him at home."),
        said("purpose", "We met to go over the plan."),
        said("young_person_words", "He said he was fine."),
        said("action", "I will ring the school tomorrow."),
    ),
    actions=(Action("Ring the school", "Dele", None),),
)


def found(draft: Draft, *spoken: Utterance, kind: str = "case_note") -> tuple[Remark, ...]:
    return remarks(draft, note_type(kind), spoken)


def codes(draft: Draft, *spoken: Utterance, kind: str = "case_note") -> list[str]:
    return [each.code for each in found(draft, *spoken, kind=kind)]


def test_a_whole_note_is_let_be() -> None:
    assert found(WHOLE) == ()


def test_a_task_of_the_workers_own_is_no_next_step() -> None:
    own = Action("Book some leave", "Dele", None, private=True)
    alone = replace(WHOLE, statements=WHOLE.statements[:-1], actions=(own,))
    assert codes(alone) == ["no_next_step"]


def test_every_fact_that_its_kind_must_hold_is_asked_for() -> None:
    empty = Draft("case_note", Contact(), ())
    asked = {each.code for each in found(empty)}
    assert {"no_date", "no_seen", "no_purpose", "no_next_step"} <= asked
    assert "no_seen_alone" not in asked  # a second question, once the first is answered
    assert all(each.message.endswith("?") for each in found(empty))


def test_who_was_not_seen_alone_is_asked_why_until_it_is_said() -> None:
    together = replace(WHOLE, contact=replace(WHOLE.contact, seen_alone=False))
    assert codes(together) == ["no_why_not_alone"]
    why = said("header", "Not alone, because dad had to get back to work.")
    assert codes(replace(together, statements=(*together.statements, why))) == []


def test_who_was_not_seen_is_not_asked_for_words() -> None:
    unseen = replace(WHOLE, contact=replace(WHOLE.contact, seen=False, seen_alone=None))
    kept = tuple(each for each in unseen.statements if each.section != "young_person_words")
    assert "no_their_words" not in codes(replace(unseen, statements=kept))


def test_every_required_fact_of_every_kind_can_be_looked_for() -> None:
    for key in ("attempted_contact", "return_home_interview", "phone_call", "group_session"):
        assert found(Draft(key, Contact(), ()), kind=key)


def test_harm_that_was_said_and_left_out_is_told_with_where() -> None:
    heard = Utterance("He had a shank on him.", Source("r1", 5_000, 6_000))
    (remark,) = found(WHOLE, heard)
    assert remark.code == "omission"
    assert remark.source == heard.source
    assert "shank" in remark.message


def test_harm_that_the_note_speaks_of_is_no_omission() -> None:
    heard = Utterance("He had a shank on him.", Source("r1", 5_000, 6_000))
    knife = said("worry", "He had a knife.", Source("r1", 8_000, 9_000))
    assert codes(replace(WHOLE, statements=(*WHOLE.statements, knife)), heard) == []


def test_what_a_statement_stands_on_is_left_to_its_own_checks() -> None:
    assert codes(WHOLE, Utterance("He had a shank.", Source("r1", 1_500, 1_900))) == []


def test_a_sentence_that_was_left_out_counts_as_said() -> None:
    left_out = replace(WHOLE, left_out=(LeftOut("He cut himself.", "thinking aloud"),))
    assert codes(left_out) == ["omission"]


def test_a_view_without_a_ground_is_marked_and_one_with_is_not() -> None:
    bare = replace(WHOLE, statements=(*WHOLE.statements, said("analysis", "I think he is lost.")))
    assert [(each.code, each.statement) for each in found(bare)] == [("opinion", "analysis-1")]
    ground = said("analysis", "I think he is lost, because he never leaves the flat.")
    assert codes(replace(WHOLE, statements=(*WHOLE.statements, ground))) == []


def test_when_they_came_back_may_be_said_or_written_down() -> None:
    kind = note_type("return_home_interview")
    draft = Draft(kind.key, Contact(seen=True), (said("header", "I saw him at home."),))
    written = replace(draft, contact=replace(draft.contact, returned=datetime(2026, 3, 9, 18, 30)))  # noqa: DTZ001 - local, as people write it
    assert "no_return_time" in {each.code for each in remarks(draft, kind, ())}
    assert "no_return_time" not in {each.code for each in remarks(written, kind, ())}
