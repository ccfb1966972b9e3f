import inspect

import pytest

from recorder import errors

CLASSES = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if cls.__module__ == errors.__name__
]


def test_there_are_errors_to_check() -> None:
    assert len(CLASSES) > 5


@pytest.mark.parametrize("cls", CLASSES)
def test_every_error_is_under_the_root_and_says_a_sentence(cls: type) -> None:
    assert issubclass(cls, errors.RecorderError)
    sentence = cls().sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert str(cls()) == sentence


def test_an_own_sentence_replaces_the_default() -> None:
    assert errors.Unreadable("This one is different.").sentence == "This one is different."


def test_the_return_code_of_a_tool_is_kept() -> None:
    assert errors.ToolFailed(returncode=-9).returncode == -9
