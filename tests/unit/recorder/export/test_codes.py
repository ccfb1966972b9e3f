from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.export import codes
from recorder.export.codes import Codes, CodesError, read

GOOD = """\
# The council's own.
[note_types]
case_note = "EVOLVECASENOTE"
phone_call = "EVOLVEPHONE"

[workers]
amara = "acole"
"o.brien" = "obrien"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mosaic.toml"


@pytest.fixture
def _as_before() -> Iterator[None]:
    before = codes.codes()
    yield
    codes._taken[0] = before


def line(text: str) -> int:
    """The line of `GOOD` that holds `text`, from 1."""
    return GOOD[: GOOD.index(text)].count("\n") + 1


def test_what_stands_in_the_file_is_taken_and_of_no_file_nothing(path: Path) -> None:
    assert read(path) == Codes("mosaic.toml")
    path.write_text(GOOD, encoding="utf-8")
    found = read(path)
    assert found.note_types == {"case_note": "EVOLVECASENOTE", "phone_call": "EVOLVEPHONE"}
    assert [found.username(each) for each in ("Amara", "o.brien", "sam")] == ["acole", "obrien", ""]
    assert list(found.missing("phone_call", "AMARA")) == []
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())  # as Windows saves it
    assert read(path) == found


def test_what_is_missing_is_said_with_the_line_to_add(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    kind, worker = read(path).missing("supervision", "s.okoye")
    assert kind.endswith('add the line supervision = "CODE" under [note_types] in mosaic.toml')
    assert worker.endswith('add the line "s.okoye" = "USERNAME" under [workers] in mosaic.toml')


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ("case_note = ", "case_notes = ", "case_note", "there is no note type 'case_notes'"),
        ('"EVOLVEPHONE"', f'"{"E" * 17}"', "phone_call", "17 characters and Mosaic takes 16"),
        ('"acole"', f'"{"a" * 29}😀"', "amara", "31 characters and Mosaic takes 30"),
        ('"acole"', '"a\\u0007"', "amara", "U+0007"),
        ('"acole"', '" acole"', "amara", "begins or ends with a blank"),
        ('"acole"', '""', "amara", "it is empty"),
        ('"acole"', "12", "amara", "between quotes"),
        ('"acole"', "acole", "amara", "not valid TOML"),
        ('"obrien"', '"ACOLE"', "o.brien", "somebody above has this username"),
        ('"o.brien"', "AMARA", "o.brien", "stands above already"),
        ("[workers]", "[people]", "[workers]", "there is no 'people' here"),
        ("[workers]", "[note_types.workers]", "[workers]", "between quotes"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason_and_changes_nothing(
    old: str, new: str, where: str, why: str, path: Path
) -> None:
    path.write_text(GOOD, encoding="utf-8")
    codes.use(path)
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CodesError) as refused:
        codes.use(path)
    assert str(refused.value).startswith(f"mosaic.toml, line {line(where)}: ")
    assert why in str(refused.value)
    assert codes.codes().username("amara") == "acole"


def test_a_file_that_is_no_text_or_cannot_be_read_is_refused(path: Path) -> None:
    path.write_bytes(b'[workers]\namara = "\xff"\n')
    with pytest.raises(CodesError, match="line 2: not UTF-8"):
        read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(CodesError, match="cannot be read"):
        read(path)
