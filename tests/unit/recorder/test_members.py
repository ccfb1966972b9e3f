"""A note of a group, one young person at a time: never another's name, never another's words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.members import ANOTHER, Member, of_staff_alone, share_of
from transcribe.model import (
    Action,
    Check,
    Confirmed,
    Contact,
    Draft,
    Followed,
    Origin,
    Removed,
    Source,
    Statement,
)

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "dev"
JORDAN = Member("j", ("Jordan", "JJ"))
KWAME = Member("k", ("Kwame Mensah",))
LEILA = Member("l", ("Leila",))
GROUP = (JORDAN, KWAME, LEILA)

SESSION = """\
header|Boxing group at the hub on Tuesday with Jordan, Kwame and Leila.
purpose|The session was about keeping safe online.
what_happened|We made posters together.
observation|Jordan was quiet at first.
young_person_words|He said he had slept badly.
observation|Kwame Mensah came late.
young_person_words|He said, quote, my brother took my phone, unquote.
worry|Kwame told me that Jordan owes somebody money.
what_happened|Jordan and Leila worked on the big poster.
strength|Kwami's drawing was the best one.
young_person_words|They laughed about it.
what_happened|Everybody had pizza.
worry|She got a message and went pale.
action|I will ring Kwame's mum on Friday.
action|The group meets again on Tuesday.
"""


def draft(script: str = SESSION, kind: str = "group_session") -> Draft:
    statements = []
    for n, line in enumerate(script.splitlines()):
        section, _, text = line.partition("|")
        source = Source("r1", 1000 * n, 1000 * n + 900)
        statements.append(
            Statement(f"s{n}", section, text, Origin.MACHINE, "Amara Cole", (source,))
        )
    actions = tuple(
        Action(s.text, "Amara Cole", None, s.sources) for s in statements if s.section == "action"
    )
    contact = Contact(place="Kwame's street", present=("Amara Cole", "Jordan", "Kwame", "Leila"))
    return Draft(kind, contact, tuple(statements), actions, ("my brother took my phone",))


def texts(member: Member) -> list[str]:
    return [s.text for s in share_of(draft(), member, GROUP).draft.statements]


def test_each_has_what_is_theirs_and_what_all_did() -> None:
    assert texts(JORDAN) == [
        f"Boxing group at the hub on Tuesday with Jordan, {ANOTHER} and {ANOTHER}.",
        "The session was about keeping safe online.",
        "We made posters together.",
        "Jordan was quiet at first.",
        "He said he had slept badly.",
        "Jordan and another young person worked on the big poster.",
        "Everybody had pizza.",
        "The group meets again on Tuesday.",
    ]
    assert texts(KWAME)[3:] == [
        "Kwame Mensah came late.",
        "He said, quote, my brother took my phone, unquote.",
        "Kwami's drawing was the best one.",
        "Everybody had pizza.",
        "I will ring Kwame's mum on Friday.",
        "The group meets again on Tuesday.",
    ]


def test_what_is_not_sure_is_left_out_with_its_reason() -> None:
    left = {s.text: why for s, why in share_of(draft(), JORDAN, GROUP).left_out}
    assert left["Kwame told me that Jordan owes somebody money."] == (
        "it is about somebody else, too"
    )
    assert left["She got a message and went pale."] == "it is not clear whom it is about"
    assert left["They laughed about it."] == "it is not clear whom it is about"
    assert left["Kwami's drawing was the best one."] == "it is about somebody else"


def test_facts_actions_and_quotes_are_parted_likewise() -> None:
    jordans, kwames = (share_of(draft(), each, GROUP).draft for each in (JORDAN, KWAME))
    assert jordans.contact.present == ("Amara Cole", "Jordan")
    assert jordans.contact.place == "Another young person's street"
    assert [each.what for each in jordans.actions] == ["The group meets again on Tuesday."]
    assert jordans.quotes == ()
    assert kwames.quotes == ("my brother took my phone",)


def test_a_young_person_who_speaks_is_heard_in_their_own_note_alone() -> None:
    source = (Source("r1", 0, 900),)
    said = Statement("s0", "what_happened", "We were there.", Origin.MACHINE, "Kwame", source)
    whole = Draft("group_session", Contact(), (said,))
    assert share_of(whole, JORDAN, GROUP).draft.statements == ()
    assert share_of(whole, KWAME, GROUP).draft.statements == (said,)


def test_what_was_said_of_a_sentence_names_nobody_else() -> None:
    answer = Confirmed("a", "Amara Cole", "Kwame saw it too")
    check = Check(
        "name_perhaps", "block", "“Jordan”: perhaps Kwame was meant.", answer, "Kwame was quiet."
    )
    whole = draft("observation|Jordan was quiet.")
    (one,) = whole.statements
    whole = replace(whole, statements=(replace(one, checks=(check,)),))
    (kept,) = share_of(whole, JORDAN, GROUP).draft.statements
    (found,) = kept.checks
    assert found.message == f"“Jordan”: perhaps {ANOTHER} was meant."
    assert found.instead == f"{ANOTHER.capitalize()} was quiet."
    assert found.confirmed == Confirmed("a", "Amara Cole", "Another young person saw it too")


SUPERVISION = """\
header|Supervision with Dele on Tuesday, about Jordan and Kwame.
wellbeing|I have not been sleeping since Kwame's accident.
service|We need cover in August.
header|Let's start with Jordan.
what_happened|He has been in college every day.
header|Right, Kwame.
worry|He has a new phone.
decision|My decision is that we go to a strategy meeting.
wellbeing|I am worn out.
"""


def test_a_supervision_is_parted_by_young_person_and_the_workers_own_is_kept_apart() -> None:
    whole = draft(SUPERVISION, "supervision")
    jordans, kwames = (
        [s.text for s in share_of(whole, m, GROUP).draft.statements] for m in GROUP[:2]
    )
    assert jordans == [
        "Supervision with Dele on Tuesday, about Jordan and another young person.",
        "Let's start with Jordan.",
        "He has been in college every day.",
    ]
    assert "My decision is that we go to a strategy meeting." in kwames
    assert "He has a new phone." in kwames
    assert "He has been in college every day." not in kwames
    own = of_staff_alone(whole, GROUP)
    assert [s.section for s in own.statements].count("wellbeing") == 2
    assert "I have not been sleeping since another young person's accident." in [
        s.text for s in own.statements
    ]
    assert {s.section for s in own.statements} == {"header", "wellbeing", "service"}


@pytest.mark.parametrize("section", ["wellbeing", "action"])  # "action": filed there by a person
def test_a_task_of_the_workers_own_is_in_no_young_persons_note(section: str) -> None:
    whole = draft(f"{SUPERVISION}{section}|I'll take my leave in May.", "supervision")
    source = whole.statements[-1].sources
    shared = whole.statements[3].sources  # what one says in a breath may stand on one source
    own = tuple(
        Action("Take my leave", "Dele", None, one, private=True) for one in (source, shared)
    )
    whole = replace(whole, actions=own)
    for member in GROUP:
        assert share_of(whole, member, GROUP).draft.actions == ()
    kept = of_staff_alone(whole, GROUP).actions
    assert own[0] in kept or section == "action"


PIECES = st.sampled_from(
    [
        *(
            "Jordan",
            "JJ",
            "Kwame",
            "Mensah's",
            "Leila",
            "leila",
            "Layla",
            "he said",
            "she",
            "we all",
        ),
        *("went home", "quote, no, unquote", "told Kwame", "and", "was upset", "the group", "."),
    ]
)
SECTIONS = st.sampled_from(
    ["header", "what_happened", "young_person_words", "worry", "wellbeing", "action", "analysis"]
)


@given(st.lists(st.tuples(SECTIONS, st.lists(PIECES, min_size=1, max_size=7)), max_size=8))
def test_no_note_ever_names_anybody_else(said: list[tuple[str, list[str]]]) -> None:
    whole = draft("\n".join(f"{section}|{' '.join(words)}" for section, words in said))
    for member in GROUP:
        made = share_of(whole, member, GROUP)
        mine = {part.casefold() for name in member.names for part in name.split()}
        foreign = {"jordan", "jj", "kwame", "mensah", "leila", "layla"} - mine
        if member is LEILA:
            foreign -= {"layla"}
        shown = [*(s.text for s in made.draft.statements), *made.draft.contact.present]
        shown += [a.what for a in made.draft.actions]
        found = {
            word.strip(".,").removesuffix("'s")
            for text in shown
            for word in text.casefold().split()
        }
        assert not found & foreign
        assert "wellbeing" not in {s.section for s in made.draft.statements}
        assert len(made.draft.statements) + len(made.left_out) == len(whole.statements)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cases are not here")
def test_a_labelled_supervision_leaks_nothing_and_keeps_most_of_each() -> None:
    folder = SHARED / "05-two-young-people"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    lines = [line for line in gold["lines"] if line["label"] != "filler"]
    whole = draft("\n".join(f"{each['label']}|{each['text']}" for each in lines), "supervision")
    names = [p["name"] for p in gold["people"] if p["role"] == "young_person"]
    members = [Member(name, (name,)) for name in names]
    about = {f"s{n}": line["about"] for n, line in enumerate(lines)}
    for member in members:
        kept = share_of(whole, member, members).draft.statements
        assert {about[s.id] for s in kept} <= {member.key, None}
        theirs = [key for key, of in about.items() if of == member.key]
        assert len([s for s in kept if about[s.id] == member.key]) >= 0.9 * len(theirs)


@pytest.mark.parametrize("kind", ["group_session", "supervision"])
def test_nobody_can_tell_whose_a_picture_is(kind: str) -> None:
    whole = draft("observation|Kwame came late.\nstrength|He helped.", kind)
    picture = Statement(
        "p1",
        "what_happened",
        "A picture was added, taken on 5 November 2026 at 16:40.",
        Origin.MACHINE,
        None,
        (Source("r2"),),
    )
    late, helped = whole.statements
    whole = replace(whole, statements=(late, picture, helped))
    share = share_of(whole, KWAME, GROUP)
    assert share.draft.statements == (late, helped)
    assert share.left_out == ((picture, "it is not clear whose picture it is"),)


def test_a_task_that_somebody_typed_is_only_theirs_whose_sentence_says_it() -> None:
    typed = Source(typed_by="amara")
    said = (
        ("s1", "observation", "Jordan was quiet."),
        ("s2", "action", "I will ring Kwame's mum about the money."),
        ("s3", "action", "I will ring Jordan's tutor."),
    )
    statements = tuple(
        Statement(key, section, text, Origin.PRACTITIONER, "Amara Cole", (typed,))
        for key, section, text in said
    )
    actions = tuple(
        Action(s.text, None, None, s.sources) for s in statements if s.section == "action"
    )
    whole = Draft("supervision", Contact(), statements, actions)
    for member, task in ((JORDAN, said[2][2]), (KWAME, said[1][2])):
        kept = share_of(whole, member, GROUP).draft.actions
        assert [each.what for each in kept] == [task]
    assert of_staff_alone(whole, GROUP).actions == ()


def test_when_workers_meet_next_stands_on_no_young_persons_record() -> None:
    whole = replace(draft(kind="supervision"), contact=Contact(next_on=Date(2026, 12, 1)))
    assert share_of(whole, JORDAN, GROUP).draft.contact.next_on is None
    marked = replace(draft(), contact=Contact(significant=True))
    assert share_of(marked, JORDAN, GROUP).draft.contact.significant is None
    assert of_staff_alone(whole, GROUP).contact.next_on == Date(2026, 12, 1)


def test_what_became_of_the_workers_tasks_stays_with_the_worker() -> None:
    typed = (Source(typed_by="amara"),)
    carried = Action("Ask Kwame's school for cover", "Amara Cole", None, typed, private=True)
    said = Followed("n1", "Book the course", "done", "amara")
    whole = draft("wellbeing|I am tired.\n", "supervision")
    whole = replace(whole, actions=(carried,), followed=(said,))
    own = of_staff_alone(whole, GROUP)
    assert own.followed == (said,)
    assert [each.what for each in own.actions] == [f"Ask {ANOTHER}'s school for cover"]
    part = share_of(whole, JORDAN, GROUP).draft
    assert (part.followed, part.actions) == ((), ())


def test_what_was_taken_out_stays_with_those_it_surely_is_of() -> None:
    def out(section: str, text: str, speaker: str | None = None) -> Removed:
        gone = Statement("r", section, text, Origin.MACHINE, speaker, (Source("r1", 1, 2),))
        return Removed(gone, "amara", "Amara Cole", "Leila asked for it.", 5)

    removed = (
        out("wellbeing", "I cried about Jordan."),
        out("worry", "Jordan had a knife."),
        out("worry", "He had a bruise."),
        out("worry", "Somebody had a bruise."),
        out("worry", "Jordan and Kwame fought."),
        out("young_person_words", "Jordan is a snitch.", "Kwame"),
    )
    whole = replace(draft(kind="supervision"), removed=removed)
    (of_jordan,) = share_of(whole, JORDAN, GROUP).draft.removed
    assert of_jordan.statement.text == "Jordan had a knife."
    assert of_jordan.why == "Another young person asked for it."
    assert share_of(whole, LEILA, GROUP).draft.removed == ()
    (own,) = of_staff_alone(whole, GROUP).removed
    assert own.statement.text == f"I cried about {ANOTHER}."
