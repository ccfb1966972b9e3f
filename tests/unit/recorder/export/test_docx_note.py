"""The Word document: every word of the note, safe against markup, restyled at will."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from recorder.export.docx_note import docx_bytes
from recorder.export.errors import ExportFailedError
from recorder.export.layout import action_parts, approval, blocks, facts
from recorder.export.model import Approved, PictureFile, Reply
from recorder.export.text import forbidden
from recorder.review.saying import NOT_RIGHT
from transcribe.model import Contact, Draft

Make = Callable[..., Approved]
AT = dt.datetime(2026, 11, 6, 18, 30, tzinfo=dt.UTC)
ROOT = Path(__file__).parents[4]
TEMPLATE = ROOT / "templates" / "export" / "case_note.docx"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body_text(content: bytes) -> str:
    """The words of the document's body, table cells included, in order."""
    document = Document(io.BytesIO(content))
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join(
        "".join("\n" if node.tag == qn("w:br") else node.text or "" for node in _text(paragraph))
        for paragraph in paragraphs
    )


def _text(paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
    return list(paragraph.iter(qn("w:t"), qn("w:br")))


def test_the_document_holds_every_word_of_the_note(make: Make) -> None:
    note = make()
    text = body_text(docx_bytes(note))
    assert note.title in text
    for label, value in facts(note):
        assert f"{label}\n{value}" in text
    for block in blocks(note):
        assert f"\n{block.heading}\n" in text
        for line in block.lines:
            assert (f"{line.text} ({line.attribution})" if line.attribution else line.text) in text
        for quote in block.quotes:
            assert quote in text
        for action in block.actions:
            assert "\n".join(action_parts(action)) in text
    assert f"Jordan's reply, 6 November 2026\n{note.replies[0].text}" in text
    assert f"\n{approval(note)}." in text


def test_a_disagreement_stands_under_its_sentence(make: Make) -> None:
    said = Reply("It was {{ my }} idea.", AT, "Jordan", NOT_RIGHT, "We walked.", "s3")
    text = body_text(docx_bytes(make(replies=(said,))))
    differs = "Jordan sees this differently, in their words, 6 November 2026: It was {{ my }} idea."
    assert f"drew the way home on a map.\n{differs}\n" in text
    assert text.count("differently") == 1
    assert "Beside this record" not in text


def test_sections_stand_in_the_order_of_the_note_type(make: Make) -> None:
    text = body_text(docx_bytes(make()))
    places = [text.index(f"\n{block.heading}\n") for block in blocks(make())]
    assert places == sorted(places)


def test_the_header_says_who_and_the_footer_who_approved(make: Make) -> None:
    page = Document(io.BytesIO(docx_bytes(make()))).sections[0]
    header = page.header.paragraphs[0].text
    assert header == "Jordan Taylor · Mosaic 1203344\tCase EV-0412 · version 3"
    footer = page.footer.paragraphs[0]
    assert footer.text.startswith(approval(make()))
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_a_drawing_stands_with_its_caption_and_a_description(make: Make, jpeg: bytes) -> None:
    note = make(pictures=(PictureFile("r1", jpeg, 'His "map" <home>'),))
    document = Document(io.BytesIO(docx_bytes(note)))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == 'His "map" <home>'
    assert shape.width / shape.height == pytest.approx(48 / 32, rel=0.01)
    assert jpeg in parts(docx_bytes(note)).values()
    assert '\nHis "map" <home>\n' in body_text(docx_bytes(note))


@pytest.mark.parametrize("size", [(4000, 30), (30, 4000)])
def test_a_drawing_of_any_shape_stays_on_the_page(make: Make, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "JPEG")
    note = make(pictures=(PictureFile("r1", out.getvalue(), ""),))
    (shape,) = Document(io.BytesIO(docx_bytes(note))).inline_shapes
    assert shape.width.mm <= 150.1
    assert shape.height.mm <= 120.1


def test_a_note_with_nothing_to_show_has_no_empty_headings(make: Make) -> None:
    bare = Draft(kind="case_note", contact=Contact(), statements=make().draft.statements[1:2])
    note = make(draft=bare, replies=(), pictures=(), significant_event=False)
    text = body_text(docx_bytes(note))
    for words in ("Drawings", "Beside this record", "Who\n", "Significant event", "Method"):
        assert words not in text


def test_the_word_draft_never_appears(make: Make) -> None:
    for name, content in parts(docx_bytes(make())).items():
        if name.startswith("word/") and name.endswith(".xml"):
            assert b"draft" not in content.lower(), name


@pytest.mark.parametrize(
    "name",
    [
        "<b>Jo</b> & Sons",
        "Zoë O’Brien 👩🏽‍🦱",
        "محمد الأمين",
        "שלום כהן",
        "{{ title }} {% raw %} {# x #}",
        "{_{ kept }_} {_% %_}",
        "a&#95;b &amp; &lt;",
        "]]> <!-- -->",
        "  two  spaces  ",
    ],
)
def test_names_of_every_kind_stand_as_they_are_written(make: Make, name: str) -> None:
    content = docx_bytes(make(person_name=name, title=name))
    assert name in body_text(content)
    assert name in Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text
    assert Document(io.BytesIO(content)).core_properties.title == name


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=60).filter(lambda text: not forbidden(text, lines=True)))
def test_every_text_stands_in_the_document_unaltered(make: Make, text: str) -> None:
    draft = make().draft
    statement = replace(draft.statements[2], text=text, speaker=None)
    content = docx_bytes(make(draft=replace(draft, statements=(statement,)), pictures=()))
    assert f"\n{text}\n" in body_text(content).replace("\r\n", "\n") or "\r\n" in text


def test_a_council_may_bring_its_own_template(make: Make, tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("Borough of Somewhere: {{ title }} ({{ case_ref }})")
    own.save(str(tmp_path / "own.docx"))
    text = body_text(docx_bytes(make(), tmp_path / "own.docx"))
    assert text == f"Borough of Somewhere: {make().title} (EV-0412)"


@pytest.mark.parametrize(
    "words", ["{{ misspelt }}", "{% if %}", "{{ title", "{{ ''.__class__.x }}"]
)
def test_a_template_that_cannot_be_used_is_said_plainly(
    make: Make, tmp_path: Path, words: str
) -> None:
    own = Document()
    own.add_paragraph(words)
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(ExportFailedError, match="Word template"):
        docx_bytes(make(), tmp_path / "own.docx")


def test_a_template_that_is_missing_or_no_document_is_said_plainly(
    make: Make, tmp_path: Path
) -> None:
    with pytest.raises(ExportFailedError, match="Word template"):
        docx_bytes(make(), tmp_path / "none.docx")
    (tmp_path / "text.docx").write_text("no document")
    with pytest.raises(ExportFailedError, match="Word template"):
        docx_bytes(make(), tmp_path / "text.docx")


def test_a_picture_that_cannot_be_read_is_never_written(make: Make) -> None:
    with pytest.raises(ValueError, match="picture"):
        docx_bytes(make(pictures=(PictureFile("r1", b"no picture", ""),)))


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_docx_template", ROOT / "tools" / "make_docx_template.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_template_is_the_one_its_maker_makes() -> None:
    made = io.BytesIO()
    maker().make().save(made)
    assert parts(made.getvalue()) == parts(TEMPLATE.read_bytes())


def test_the_template_says_nothing_of_who_made_it() -> None:
    about = Document(str(TEMPLATE)).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")


def test_a_note_has_no_picture_in_it_but_its_own(make: Make) -> None:
    pictures = [name for name in parts(docx_bytes(make())) if name.endswith((".jpeg", ".png"))]
    assert pictures == []
