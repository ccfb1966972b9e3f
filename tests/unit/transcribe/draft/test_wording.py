"""Two patterns read side by side find what one of both would."""

import re

from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft.wording import either

_FIRST = ("ab", "a", "ba b", "will")
_SECOND = ("a b", "b", "ab a", "mr [a-z]+")
_BEGINS, _ENDS = r"(?<![\w'-])", r"(?![\w-])"


def _rule(*words: str) -> re.Pattern[str]:
    return re.compile(f"{_BEGINS}(?:{'|'.join(words)}){_ENDS}")


@given(st.text(alphabet="ab '-", max_size=40) | st.from_regex(r"(?:mr |will |ab? |b ){0,9}"))
def test_either_finds_what_one_pattern_of_both_would(text: str) -> None:
    both = [one.span() for one in _rule(*_FIRST, *_SECOND).finditer(text)]

    assert [one.span() for one in either(_rule(*_FIRST), _rule(*_SECOND), text)] == both
