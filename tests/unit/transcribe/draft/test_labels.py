"""Which heading: what the model may never do, whatever it weighs."""

from datetime import datetime

import numpy as np
import pytest

from transcribe.draft import from_script, labels
from transcribe.draft.cast import make_cast
from transcribe.draft.embedding import FilingModelError
from transcribe.draft.filing import placed
from transcribe.draft.labels import Model, Pair, likeliest
from transcribe.model import Person

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Beverley", "supervisor"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract


def read(text: str, kind: str) -> tuple[Pair, ...]:
    utterances = from_script(text)
    return placed(utterances, kind, make_cast(PEOPLE, (one.text for one in utterances)), AT)


def biased(label: str) -> Model:
    """A model that files everything under one heading."""
    found = labels.model()
    weights = np.zeros_like(found.weights)
    weights[-1, found.labels.index(label)] = 20
    return Model(found.labels, found.signs, weights, np.zeros_like(found.follows))


def test_only_a_note_with_a_place_for_them_has_the_workers_own_matters() -> None:
    pairs = read("I'm exhausted, I've not been sleeping.", "case_note")
    assert labels.labels(pairs, wellbeing=False, trained=biased("wellbeing")) != ("wellbeing",)
    assert labels.labels(pairs, wellbeing=True, trained=biased("wellbeing")) == ("wellbeing",)


def test_a_quotation_of_the_young_person_is_theirs() -> None:
    pairs = read("He said, quote, I want to go home, unquote.", "case_note")
    assert labels.labels(pairs, wellbeing=False, trained=biased("worry")) == ("young_person_words",)


@pytest.mark.parametrize(
    "said",
    [
        "He has a knife.",
        "She is pregnant.",
        "They were shouting.",
        "He told me about a man at the station.",
        "Mum is worried.",
        "Kwame says thanks, he is safe.",
        "Jo rang, all well.",
        "No answer at the door.",
    ],
)
def test_one_sentence_recorded_by_itself_is_kept(said: str) -> None:
    (found,) = labels.labels(read(said, "case_note"), wellbeing=False)
    assert found != "filler"


@pytest.mark.parametrize("said", ["Okay, that's it.", "Um, let me think.", "Testing, testing."])
def test_what_says_nothing_is_left_out_even_by_itself(said: str) -> None:
    assert labels.labels(read(said, "case_note"), wellbeing=False) == ("filler",)


def test_what_is_said_of_somebody_is_never_left_out() -> None:
    pairs = read("Okay.\nHe was there again.\nKwame was quiet.\nThat's it.", "case_note")
    found = labels.labels(pairs, wellbeing=False, trained=biased("filler"))
    assert [one == "filler" for one in found] == [True, False, False, True]


def test_what_a_worker_answers_about_themself_stays_with_the_question() -> None:
    said = "BEVERLEY: And training, how was the course?\nDELE: The ninth of June, I need that."
    found = labels.labels(read(said, "supervision"), wellbeing=True)
    assert found == ("wellbeing", "wellbeing")


def test_an_answer_of_yes_or_no_is_never_left_out() -> None:
    said = "BEVERLEY: Did Kwame come?\nDELE: No.\nDELE: Okay."
    found = labels.labels(read(said, "supervision"), wellbeing=True, trained=biased("filler"))
    assert [one == "filler" for one in found] == [False, False, True]


def test_the_next_supervision_is_nobodys_own_matter() -> None:
    said = (
        "BEVERLEY: How are you in yourself?\nDELE: I'm worn out, I've hardly slept.\n"
        "DELE: Next supervision is Wednesday the tenth of June."
    )
    found = labels.labels(read(said, "supervision"), wellbeing=True, trained=biased("wellbeing"))
    assert found[1] == "wellbeing"
    assert found[2] != "wellbeing"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Before we stop, your DBS renewal and the first aid refresher.", "wellbeing"),
        ("You've still got six days' leave, and your appraisal's due.", "wellbeing"),
        ("I did my lone working training on Monday.", "wellbeing"),
        ("Kwame needs you to sign his DBS form for the coaching.", "decision"),
        ("The school nurse gave first aid.", "decision"),
        ("Your annual review is overdue.", "wellbeing"),
        ("I'll chase the annual review with school.", "decision"),
        ("I'll ask the college about the DBS.", "decision"),
    ],
)
def test_what_only_a_worker_has_stands_with_their_own_matters(said: str, key: str) -> None:
    pairs = read(f"BEVERLEY: {said}", "supervision")
    assert labels.labels(pairs, wellbeing=True, trained=biased("decision")) == (key,)


def test_what_is_about_the_young_person_leaves_the_workers_own_matters() -> None:
    said = (
        "BEVERLEY: How are you in yourself?\nDELE: I'm worn out, I've hardly slept.\n"
        "DELE: Kwame was arrested on Friday with a knife and the police kept him overnight."
    )
    assert labels.labels(read(said, "supervision"), wellbeing=True)[2] != "wellbeing"


def test_the_name_of_a_young_person_moves_no_sentence() -> None:
    one = labels.features((), read("Kwame looked tired.", "case_note"))
    people = (Person("Anastasia", "young_person"), *PEOPLE[1:])
    utterances = from_script("Anastasia looked tired.")
    cast = make_cast(people, (each.text for each in utterances))
    two = labels.features((), placed(utterances, "case_note", cast, AT))
    assert np.array_equal(one, two)


def test_a_changed_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "MODEL_SHA256", "0" * 64)
    with pytest.raises(FilingModelError, match="not the one"):
        labels.model.__wrapped__()


def test_the_best_row_is_weighed_as_a_whole() -> None:
    follows = np.array([[0, -9], [-9, 0], [0, 0]], np.float32)  # stay where you are
    scores = np.array([[0, -1], [-1, 0], [0, -5]], np.float32)
    assert likeliest(scores, follows) == [0, 0, 0]
    assert likeliest(scores, np.zeros((3, 2), np.float32)) == [0, 1, 0]
    assert likeliest(np.zeros((0, 2), np.float32), follows) == []


def test_no_sentence_has_no_heading() -> None:
    assert labels.labels((), wellbeing=False) == ()
