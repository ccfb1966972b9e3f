"""Folders in the intake folder, made for people so that they need not make them."""

from __future__ import annotations

from pathlib import Path


def make_folder(intake: Path, handle: str, ref: str = "") -> None:
    """The folder of a practitioner, or of one of their cases; it may be there already."""
    (intake / handle / ref).mkdir(mode=0o700, parents=True, exist_ok=True)
