"""The same as a Word document, for whoever prints it: words alone, the files are named in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import docx
from docx.enum.text import WD_COLOR_INDEX

from recorder.access.model import Act, Entry, Line
from recorder.export.text import forbidden
from store.records import Recording

Moment = Callable[[int], str]


class Document:
    """Written entry by entry."""

    def __init__(self, title: str, intro: Iterable[str], moment: Moment) -> None:
        self._made: Any = docx.Document()
        self._moment = moment
        self._made.core_properties.title = "Record"
        self._made.core_properties.author = ""
        self._made.add_heading(_plain(title), 0)
        for words in intro:
            self._made.add_paragraph(_plain(words))

    def add(self, entry: Entry, file_of: Callable[[Recording], str]) -> None:
        """One more entry; `file_of` gives where the file of a recording stands, or nothing."""
        when = f"{self._moment(entry.at)}: " if entry.at else ""
        self._made.add_heading(_plain(f"{when}{entry.title}"), 1)
        for line in entry.lines:
            self._line(line)
        for each in entry.media:
            self._made.add_paragraph(f"File: {file_of(each) or 'it does not open any more'}")

    def log(self, acts: Iterable[Act]) -> None:
        """Who did and saw what."""
        self._made.add_heading("Who did and saw what", 1)
        for act in acts:
            told = f"{self._moment(act.at)}: {act.who}: {act.action} ({act.object})"
            self._made.add_paragraph(_plain(told))

    def written(self) -> bytes:
        """The file."""
        made = io.BytesIO()
        self._made.save(made)
        return made.getvalue()

    def _line(self, line: Line) -> None:
        paragraph = self._made.add_paragraph()
        if line.heading:
            paragraph.add_run(f"{line.heading}: ").bold = True
        for words, why in line.label_pieces:
            self._run(paragraph, words, why).bold = True
        if line.label:
            paragraph.add_run(": ").bold = True
        for words, why in line.pieces:
            self._run(paragraph, words, why)

    def _run(self, paragraph: Any, words: str, why: str) -> Any:
        run = paragraph.add_run(_plain(words))
        if why:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        return run


def _plain(text: str) -> str:
    """Without what no document may hold; each stands as a question mark in a box."""
    return "".join("\ufffd" if forbidden(char, lines=True) else char for char in text)
