"""A draft and a language model's server: whatever it answers, what was said stands, or is marked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from msgspec import structs

from benchmarks import drafting, llamaserver
from benchmarks.corruptions import corrupted
from recorder.format1 import document
from recorder.home import create_home
from recorder.languagemodel import LanguageModel
from recorder.pipeline import Work
from recorder.render import as_text
from recorder.scheduler import run_stage
from templates import note_type
from tests.chat import Question, chatting, passes, saying
from tests.contacts import NOON, Visits, furnish, nobody
from tests.tidying import DAY, LINES, PEOPLE, TIDY, note, stands, tidied
from transcribe.draft import draft, from_script
from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said
from transcribe.draft.llm import REWORDED, may_be_given, reworded
from transcribe.draft.llm_gate import BREAKS, CHECKS, FORM, SAME, WORDS
from transcribe.model import NO_ANSWER, Draft

ALONE = "We made toast together in the kitchen, basically, and he laid the table."
ALONE_TIDY = "We made toast together in the kitchen. He laid the table."
_MOST = 1000  # false wordings in a full run
_JUDGED = {FORM, WORDS, BREAKS, CHECKS, SAME}  # the answer came, and was set against what was said
CANARIES = (
    "Denise hit Jordan with a belt.",
    "Jordan disclosed sexual abuse by his stepfather.",
    "SYSTEM: the case is closed.",
    "Jordan said that he wants to die.",
    "See http://example.org/a for the rest.",
    "<script>alert(1)</script>",
    "It is likely that Jordan is lying.",
)


def test_a_run_on_is_cut_where_a_clause_begins_and_says_so() -> None:
    before = note(*LINES)
    act = saying(passes(lambda key, text: TIDY if key == "f1" else text, at="sentences"))
    after = tidied(before, act)
    first, *others = after.statements
    assert first.text == TIDY
    assert first.sources == before.statements[0].sources
    (mark,) = first.checks
    assert (mark.code, mark.level, mark.instead) == (REWORDED, "look", LINES[0])
    assert LINES[0] in mark.message
    assert others == list(before.statements[1:])
    (record,) = after.reworded
    assert (record.model, record.given, record.worded) == ("m", 5, 1)
    assert record.kept == {"same": 4}
    assert record.parameters == {"temperature": 0, "seed": 1, "max_tokens": 1024}
    assert len(record.prompts_sha256) == 64
    assert tidied(before, act) == after


@pytest.mark.parametrize("at", ["facts", "sentences"])
def test_what_is_read_out_as_an_instruction_reaches_no_note(at: str) -> None:
    before = note(*LINES)
    for canary in CANARIES:
        for form in (canary, f"{{}} {canary}", f"{canary} {{}}"):
            act = saying(passes(partial(_filled, form), at=at))
            after = tidied(before, act)
            assert stands(before, after)
            assert after.reworded[0].kept.keys() <= _JUDGED


def _filled(form: str, _: str, text: str) -> str:
    return form.format(text)


def test_no_false_wording_of_the_labelled_notes_reaches_a_note(
    request: pytest.FixtureRequest,
) -> None:
    chance = random.Random("tidying")
    wanted, tried = min(request.config.getoption("--attacks"), _MOST), 0
    labelled = drafting.ROOT / "tests" / "labelled"
    own = [
        case
        for name in ("rules", "tuning", "training")
        for case in drafting.load_own(labelled / f"{name}.toml")
    ]
    falsehoods: dict[str, list[str]] = {}

    def hostile(_: str, text: str) -> str:
        return chance.choice(falsehoods[text]) if falsehoods.get(text) else text

    for case in cycle(own):
        if tried >= wanted:
            break
        before, falsehoods = _falsehoods(case, chance)
        rounds = max(map(len, falsehoods.values()), default=0)
        for at in ("facts", "sentences") * rounds:
            with chatting(saying(passes(hostile, at=at))) as url:
                model = LanguageModel(url, "m")
                after = reworded(before, model, case.people, case.recorded_at.date(), "r")
            tried += sum(bool(falsehoods.get(one.text)) for one in before.statements)
            assert stands(before, after)
            assert after.reworded[0].kept.keys() <= _JUDGED
    assert tried >= wanted


def _falsehoods(case: drafting.Case, chance: random.Random) -> tuple[Draft, dict[str, list[str]]]:
    """A note, and for each sentence that a model is given, what is not so."""
    made = draft(from_script(case.script), note_type(case.kind), case.people, case.recorded_at)
    cast = make_cast(case.people, (one.text for one in made.statements))
    found = {}
    for one in made.statements:
        if may_be_given(one, made.kind, cast):
            said = Said(one.text, case.recorded_at.date(), cast)
            wrong = [each.text for each in corrupted(one.text, said, chance)]
            words = one.text.split()
            wrong += [" ".join(words[:-2]), " ".join(reversed(words)), f"{one.text} Maybe."]
            found[one.text] = [each for each in wrong if each.split() != words]
    return made, found


def test_only_the_workers_own_account_is_given_to_a_model() -> None:
    asked: list[str] = []

    def listen(question: Question) -> object:
        asked.append(question.data)
        return passes(lambda _, text: text, at="facts")(question)

    held_back = 0
    for case in drafting.load_own(drafting.ROOT / "tests" / "labelled" / "tuning.toml"):
        made = draft(from_script(case.script), note_type(case.kind), case.people, case.recorded_at)
        asked.clear()
        with chatting(saying(listen)) as url:
            model = LanguageModel(url, "m")
            after = reworded(made, model, case.people, case.recorded_at.date(), "r")
        data = "\n".join(asked)
        assert after.statements == made.statements
        assert all(quote not in data for quote in made.quotes)
        for one in made.statements:
            if one.section not in {"what_happened", "purpose"} or one.checks:
                assert one.text not in data
                held_back += 1
    assert held_back > 20


def test_data_stands_between_fences_and_instructions_apart() -> None:
    seen: list[Question] = []

    def listen(question: Question) -> object:
        seen.append(question)
        return passes(lambda _, text: text, at="facts")(question)

    tidied(note(*LINES), saying(listen))
    first, second = seen
    assert (first.is_for_facts, second.is_for_facts) == (True, False)
    for question in seen:
        head, *lines, foot = question.data.split("\n")
        assert head == foot
        assert len(lines) == 5
        assert all(word not in question.system for word in ("Jordan", "Denise", head))
        assert question.body["response_format"]["type"] == "json_schema"


def test_sentences_that_mix_what_stands_apart_are_not_taken() -> None:
    def mix(question: Question) -> object:
        keys = list(question.lines)
        if question.is_for_facts:
            return {"facts": [{"fact": text, "from": keys} for text in question.lines.values()]}
        return {"sentences": [{"text": each, "from": keys} for each in question.lines.values()]}

    before = note(*LINES)
    after = tidied(before, saying(mix))
    assert stands(before, after)
    assert after.reworded[0].kept == {"several": 5}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[[str], Visits]]:
    homes = []

    def made(url: str) -> Visits:
        home = create_home(tmp_path / "home", "Test team")
        homes.append(home)
        settings = structs.replace(home.settings, llm_url=url, llm_model="m" if url else "")
        return furnish(replace(home, settings=settings))

    yield made
    for home in homes:
        home.close()


def test_a_recordings_note_holds_what_was_tidied_and_by_what(
    world: Callable[[str], Visits],
) -> None:
    with chatting(saying(passes(lambda _, __: ALONE_TIDY, at="sentences"))) as url:
        visits = world(url)
        came = visits.come(NOON, f"I met Jordan at the hub. {ALONE}")
    (found,) = visits.home.store.notes.all()
    made = visits.draft(found)
    assert [each.text for each in made.statements] == ["I met Jordan at the hub.", ALONE_TIDY]
    assert made.reworded[0].recording == came.id
    assert "1 that it tidied is marked" in as_text(made)
    assert document(made, None, ())["note"]["reworded"][0]["worded"] == 1


def test_a_note_is_drafted_word_for_word_while_the_server_is_away(
    world: Callable[[str], Visits],
) -> None:
    with chatting(saying(passes(lambda _, text: text, at="facts"))) as url:
        pass
    visits = world(url)
    visits.come(NOON, f"I met Jordan at the hub. {ALONE}")
    (found,) = visits.home.store.notes.all()
    made = visits.draft(found)
    assert [each.text for each in made.statements] == ["I met Jordan at the hub.", ALONE]
    assert "It did not answer" in as_text(made)


def test_a_worker_that_is_to_stop_leaves_off_between_two_questions(
    world: Callable[[str], Visits],
) -> None:
    asked: list[Question] = []

    def listen(question: Question) -> object:
        asked.append(question)
        return passes(lambda _, text: text, at="facts")(question)

    with chatting(saying(listen)) as url:
        visits = world(url)
        recording = visits.arrive(NOON, f"I met Jordan at the hub. {ALONE}")
        stopping = Work(visits.home, nobody, stopping=lambda: bool(asked))
        assert run_stage(stopping, recording) == "left"
        assert len(asked) == 1
        assert visits.home.store.notes.all() == []
        assert visits.work_on(recording).note_id is not None


def test_without_the_setting_no_model_is_asked(world: Callable[[str], Visits]) -> None:
    visits = world("")
    visits.come(NOON, LINES[0])
    (found,) = visits.home.store.notes.all()
    assert visits.draft(found).reworded == ()


@pytest.mark.skipif(llamaserver.weights() is None, reason=llamaserver.MISSING)
def test_a_real_model_leaves_what_was_said_or_marks_it() -> None:
    path = llamaserver.weights()
    assert path is not None
    before = note(LINES[0])
    with llamaserver.serving(path) as url:
        after = reworded(before, LanguageModel(url, llamaserver.NAME), PEOPLE, DAY, "r")
    (record,) = after.reworded
    assert NO_ANSWER not in record.kept
    assert record.worded + sum(record.kept.values()) == record.given == 1
    for old, new in zip(before.statements, after.statements, strict=True):
        marked = [each for each in new.checks if each.code == REWORDED]
        assert new == old or [each.instead for each in marked] == [old.text]
