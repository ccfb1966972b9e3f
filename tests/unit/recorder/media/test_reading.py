"""Words read on a picture: what is surely a word, and otherwise nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from recorder.errors import DamagedPicture, SandboxFailed
from recorder.media import reading
from recorder.sandbox.ladder import Program, python_program

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def row(line: int, confidence: object, word: str) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t0\t0\t9\t9\t{confidence}\t{word}"


def table(*rows: str) -> str:
    return "\n".join((HEAD, *rows))


def test_words_stand_in_their_lines() -> None:
    said = table(row(1, 96.5, "My"), row(1, 91, "house"), row(2, 88, "is"), row(2, 70, "here!"))
    assert reading._lines(said) == "My house\nis here!"


@pytest.mark.parametrize(
    "said",
    [
        "",
        HEAD,
        table(row(1, 30, "house")),  # by its own account, hardly
        table(row(1, -1, "")),  # a box, and no word
        table(row(1, 95, "|"), row(1, 95, "~~~")),
        table(row(1, 95, "l"), row(2, 95, "Oi")),  # a stroke, a circle
        table(row(1, "x", "house")),
        table(row(1, 95, "ho\x1buse")),
        table("5\t1\thouse"),
    ],
)
def test_what_is_surely_no_word_is_not_offered(said: str) -> None:
    assert reading._lines(said) == ""


def _runs(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    def program() -> Program:
        return python_program("-c", script)

    monkeypatch.setattr(reading, "_program", program)


def test_no_more_is_taken_over_than_a_page_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    said = table(*(row(each, 99, "word" * 20) for each in range(500)))
    _runs(monkeypatch, f"print({said!r})")
    assert len(reading.words_on(b"x")) == reading.MOST


def test_a_crash_is_the_pictures_fault_and_a_missing_program_the_machines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        _runs(patched, "import sys; sys.exit(1)")
        with pytest.raises(DamagedPicture):
            reading.words_on(b"x")
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert not reading.is_there()
    with pytest.raises(SandboxFailed):
        reading.words_on(b"x")


@pytest.mark.skipif(not reading.is_there(), reason="tesseract is not installed here")
def test_print_is_read_in_a_closed_off_child() -> None:
    page = Image.new("L", (900, 300), "white")
    font = ImageFont.load_default(64)
    ImageDraw.Draw(page).text((60, 90), "My safe place", "black", font)
    out = BytesIO()
    page.save(out, "JPEG")
    assert reading.words_on(out.getvalue()) == "My safe place"
    blank = BytesIO()
    Image.new("L", (300, 300), "white").save(blank, "JPEG")
    assert reading.words_on(blank.getvalue()) == ""
