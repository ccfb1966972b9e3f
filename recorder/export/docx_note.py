"""One note as a Word document, from a template that the council may restyle."""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import BadZipFile

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from recorder.export.errors import ExportFailedError
from recorder.export.layout import (
    action_parts,
    approval,
    blocks,
    facts,
    other_replies,
    reply_heading,
    reply_text,
)
from recorder.export.model import Approved, PictureFile
from recorder.export.pictures import jpeg_size
from recorder.export.text import plain_lines
from templates import note_type

_WIDEST_MM, _TALLEST_MM = 150.0, 120.0  # of a picture: inside the margins, and never a whole page
_NO_GAP = 'distT="0" distB="0" distL="0" distR="0"'

# What the libraries raise for a template that is broken, misspelt or no Word file. Broken XML is a
# SyntaxError to lxml; a part that is not there is a KeyError to python-docx.
_UNUSABLE = (TemplateError, BadZipFile, SyntaxError, KeyError, ValueError)
_SAY = (
    "The Word template for notes cannot be used, so nothing was exported. Put back the template"
    " that came with Recorder, or correct the one in use."
)


def docx_bytes(note: Approved, template: Path | None = None) -> bytes:
    """The document of a note that `validate` accepted.

    Raises:
        ExportFailedError: the template cannot be used.
    """
    document = DocxTemplate(io.BytesIO(_template(template)))
    context = _context(note, document)
    # Sandboxed, because the template is a file that others edit; strict, because a misspelt name
    # would otherwise leave a gap that looks as if nothing had been recorded.
    rules = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document.render(context, jinja_env=rules, autoescape=True)
    except _UNUSABLE as error:
        raise ExportFailedError(_SAY) from error
    _describe(document, note)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _template(own: Path | None) -> bytes:
    if own is None:
        return (resources.files("templates") / "export" / "case_note.docx").read_bytes()
    try:
        return own.read_bytes()
    except OSError as error:
        raise ExportFailedError(_SAY) from error


def _describe(document: Any, note: Approved) -> None:
    about = document.docx.core_properties
    about.title = note.title
    about.author = about.last_modified_by = note.worker_name
    about.created = about.modified = note.approved_at


def _context(note: Approved, document: Any) -> dict[str, Any]:
    """Every name a template may use. New names may be added; none is taken away or changed."""
    return {
        "title": _words(note.title),
        "kind": _words(note_type(note.kind).title),
        "person_name": _words(note.person_name),
        "person_id": _words(note.person_id),
        "case_ref": _words(note.case_ref),
        "version": note.version,
        "note_id": _words(note.note_id),
        "worker_name": _words(note.worker_name),
        "significant_event": note.significant_event,
        "facts": [{"label": label, "value": _words(value)} for label, value in facts(note)],
        "blocks": _blocks(note),
        "pictures": [_picture(document, picture) for picture in note.pictures],
        "replies": [
            {"heading": _words(reply_heading(reply)), "text": _words(reply_text(reply))}
            for reply in other_replies(note)
        ],
        "approval": _words(approval(note)),
    }


def _blocks(note: Approved) -> list[dict[str, Any]]:
    names = ("what", "who", "due")
    return [
        {
            "heading": _words(block.heading),
            "lines": [
                {
                    "text": _words(line.text),
                    "attribution": _words(line.attribution),
                    "beside": [_words(each) for each in line.beside],
                }
                for line in block.lines
            ],
            "quotes": [_words(quote) for quote in block.quotes],
            "actions": [
                dict(zip(names, map(_words, action_parts(action)), strict=True))
                for action in block.actions
            ],
        }
        for block in blocks(note)
    ]


def _words(text: str) -> Markup:
    """`text` for the template, character for character.

    The template engine turns "{_{" into "{{" and so on after it has filled the values in, which
    would alter what somebody wrote; as a number the underscore goes unnoticed and reads the same.
    """
    return Markup(str(escape(text)).replace("_", "&#95;"))  # noqa: S704 - escaped on this line


def _picture(document: Any, picture: PictureFile) -> dict[str, Any]:
    size = jpeg_size(picture.jpeg)
    if size is None:
        raise ValueError("a picture that cannot be read is refused before it is written")
    scale = min(_WIDEST_MM / size[0], _TALLEST_MM / size[1])
    image = InlineImage(document, io.BytesIO(picture.jpeg), width=Mm(size[0] * scale))
    caption = picture.caption or "Picture"
    return {"image": _Described(image, caption), "caption": _words(plain_lines(caption))}


@dataclass(frozen=True, slots=True)
class _Described:
    """An image with the description that a screen reader speaks."""

    image: Any
    description: str

    def __html__(self) -> str:
        described = quoteattr(self.description).replace("_", "&#95;")
        placed = str(self.image).replace("<wp:docPr ", f"<wp:docPr descr={described} ", 1)
        # Where no distance is given, some readers keep a gap as if text flowed round the picture.
        return placed.replace("<wp:inline ", f"<wp:inline {_NO_GAP} ", 1)
