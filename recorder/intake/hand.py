"""What a person can do, on the pages, to files that are nobody's yet."""

from __future__ import annotations

from collections.abc import Sequence

from recorder.intake.adopt import File, adopt, drop
from recorder.intake.adopter import opened, waiting_files
from recorder.intake.identify import place
from recorder.intake.owner import Owner, owner
from recorder.review.unclaimed import Nobodys
from store.errors import NotFoundError
from store.store import Store


class Hand:
    """See `recorder.review.unclaimed.Hand`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def files(self) -> Sequence[Nobodys]:
        """Those that wait and whose folder is nobody's: others are filed by themselves."""
        files, _ = waiting_files(self._store)
        return [
            Nobodys(each.waiting.id, each.letter.path, each.sealed.size, each.waiting.received_at)
            for each in files
            if self._is_nobodys(each)
        ]

    def give(self, file_id: str, maker_id: str, case_id: str | None, actor: str) -> str | None:
        """File it as somebody's."""
        return adopt(self._store, self._file(file_id), Owner(maker_id, case_id), actor)

    def refuse(self, file_id: str, actor: str) -> None:
        """Remove it for good."""
        drop(self._store, self._file(file_id), actor)

    def _is_nobodys(self, file: File) -> bool:
        lies = place(file.letter.where)
        return owner(self._store, lies.practitioner, lies.case_ref) is None

    def _file(self, file_id: str) -> File:
        file = opened(self._store.arrivals.open(file_id))
        if not isinstance(file, File) or not self._is_nobodys(file):
            raise NotFoundError(f"there is no file {file_id} that is nobody's")
        return file
