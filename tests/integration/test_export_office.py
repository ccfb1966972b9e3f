"""LibreOffice opens what an export writes, and runs none of it."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from recorder.export.model import Approved, PictureFile, Reply
from recorder.export.pack import write_pack
from transcribe.model import Action, Contact, Draft, Origin, Source, Statement

SOFFICE = shutil.which("soffice")
CALC = SOFFICE is not None and (Path(SOFFICE).resolve().parent / "libsclo.so").exists()
PDFTOTEXT = shutil.which("pdftotext")

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

HOSTILE = '=HYPERLINK("http://127.0.0.1/";"open")'


def drawing() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#dfe8d8").save(out, "JPEG")
    return out.getvalue()


def note() -> Approved:
    heard = (Source("r1", 0, 900),)
    texts = {
        "purpose": "We met at the hub to plan Friday.",
        "young_person_words": "Amina <اسمي أمينة> said she & her nan want the early bus 🚌.",
        "analysis": "I think the route matters more than the time.",
    }
    statements = [
        Statement(f"s{n}", key, text, Origin.MACHINE, "Sam Okoye", heard)
        for n, (key, text) in enumerate(texts.items())
    ]
    return Approved(
        note_id="5c" * 16,
        version=2,
        kind="case_note",
        person_id="77",
        person_name="أمينة <Amina> & Co",
        case_ref="EV-7",
        title=HOSTILE,
        note_type="EVOLVECASENOTE",
        contact_date=dt.date(2026, 11, 5),
        significant_event=False,
        worker_username="sokoye",
        worker_name="Sam Okoye",
        approved_by="Priya Shah",
        approved_at=dt.datetime(2026, 11, 6, 15, 2, tzinfo=dt.UTC),
        draft=Draft(
            kind="case_note",
            contact=Contact(place="The hub", seen=True),
            statements=tuple(statements),
            actions=(Action("Ring the bus company", "Sam", dt.date(2026, 11, 9)),),
            quotes=("I can do it myself.",),
        ),
        replies=(
            Reply("Yes!\nThat is what I said.", dt.datetime(2026, 11, 7, tzinfo=dt.UTC), "A"),
        ),
        pictures=(PictureFile("r2", drawing(), "The way to the bus"),),
    )


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    written = write_pack([note()], tmp_path / "pack")
    assert written.refused == ()
    assert written.folder is not None
    return written.folder


def convert(source: Path, ending: str, tmp_path: Path, *options: str) -> Path:
    """`source` as LibreOffice saves it in another format."""
    assert SOFFICE is not None
    profile = (tmp_path / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", *options]
    command += ["--convert-to", ending, "--outdir", str(tmp_path / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return tmp_path / "out" / f"{source.stem}.{ending}"


def sheet(source: Path, tmp_path: Path) -> str:
    """The cells of a CSV file as LibreOffice takes them: comma, double quote, UTF-8."""
    made = convert(source, "ods", tmp_path, "--infilter=CSV:44,34,76,1")
    with zipfile.ZipFile(made) as archive:
        return archive.read("content.xml").decode()


def test_the_document_becomes_pages_with_every_word(pack: Path, tmp_path: Path) -> None:
    (document,) = pack.glob("*.docx")
    pdf = convert(document, "pdf", tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF-")
    if PDFTOTEXT is None:
        pytest.skip("pdftotext is not installed")
    command = [PDFTOTEXT, "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for words in (
        "Mosaic 77",
        "Case EV-7 · version 2",
        HOSTILE,
        "said she & her nan want the early bus",
        "(Dictated by Sam Okoye)",
        "“I can do it myself.”",
        "9 November 2026",
        "The way to the bus",
        "A's reply, 7 November 2026",
        "That is what I said.",
        "Version 2 approved by Priya Shah, 6 November 2026 at 15:02.",
        "Page 1 of",
    ):
        assert words in text
    assert "draft" not in text.casefold()


@pytest.mark.skipif(not CALC, reason="LibreOffice Calc is not installed")
def test_a_spreadsheet_runs_nothing_from_the_csv(pack: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text('"=1+1"\n')
    assert "table:formula" in sheet(plain, tmp_path), "this LibreOffice runs no formula anyway"
    cells = sheet(pack / "case_notes.csv", tmp_path)
    assert "<text:p>EVOLVECASENOTE</text:p>" in cells
    assert "<text:p>person_id</text:p>" in cells
    assert "HYPERLINK" in cells
    assert "table:formula" not in cells
