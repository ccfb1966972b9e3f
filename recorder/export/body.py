"""The note as plain text that pastes into Mosaic: no marks, no tabs, one line a statement."""

from __future__ import annotations

from recorder.export.layout import (
    HEADER,
    Block,
    Line,
    action_parts,
    approval,
    blocks,
    facts,
    other_replies,
    reply_lines,
)
from recorder.export.model import Approved
from transcribe.model import Action


def body(note: Approved) -> str:
    r"""The whole note, paragraphs parted by one empty line, lines by \n.

    Raises:
        KeyError: there is no note type of this kind.
    """
    found = blocks(note)
    lead = [line for block in found if block.key == HEADER for line in block.lines]
    contact = [f"{label}: {value}" for label, value in facts(note)]
    paragraphs = ["\n".join([*contact, *map(_line, lead)])]
    paragraphs += [_paragraph(block) for block in found if block.key != HEADER]
    paragraphs += map(reply_lines, other_replies(note))
    return "\n\n".join([*paragraphs, f"{approval(note)}."])


def _paragraph(block: Block) -> str:
    actions = map(_action, block.actions)
    return "\n".join([block.heading, *map(_line, block.lines), *block.quotes, *actions])


def _action(action: Action) -> str:
    what, who, due = action_parts(action)
    return f"{what} — {who} — {'by ' if action.due else ''}{due}"


def _line(line: Line) -> str:
    said = f"{line.text} ({line.attribution})" if line.attribution else line.text
    return "\n".join([said, *line.beside])
