"""Words to look at again, and the lists they stand in."""

import pytest

from templates.lists import harms, wordings
from transcribe.draft.checks import harm, wording


@pytest.mark.parametrize(
    "text",
    [
        "He absconded again.",
        "She was putting herself at risk.",
        "He is attention-seeking.",
        "Case to be NFA'd.",
        "She is promiscuous.",
        "He failed to engage.",
        "It is a lifestyle choice.",
    ],
)
def test_words_that_blame_or_shut_out_are_found_with_something_better(text: str) -> None:
    (found,) = wording(text)
    assert found.code == "wording"
    assert found.level == "look"
    assert "Write " in found.message


@pytest.mark.parametrize(
    "text", ["He said, “I absconded”.", "He goes, quote, I absconded, unquote.", "We sat down."]
)
def test_somebodys_own_words_are_let_be(text: str) -> None:
    assert wording(text) == ()


def test_every_word_of_the_lists_is_found() -> None:
    assert len(harms()) > 10
    assert len(wordings()) > 20
    for one in harms():
        for words in (one.general, *one.kinds, one.perhaps):
            for each in words:
                found = harm.found(f"He said {each.split(' -')[0].replace('*', '')}.")
                assert one.key in {hit.harm for hit in found}, each
    for entry in wordings():
        for each in entry.say:
            assert wording(f"He was {each.replace('*', '')} then."), each
