"""Everything that is a young person's own, beside the notes about them."""

from __future__ import annotations

from dataclasses import dataclass

from store.access import Access
from store.audit import Audit
from store.calls import Calls
from store.feedback import Feedbacks
from store.identities import Identities
from store.invitations import Invitations
from store.keepsakes import Keepsakes
from store.keys import KeyRing
from store.session import Database
from store.stories import Stories


@dataclass(frozen=True, slots=True)
class Young:
    """How they come in, what they ask for, what they keep and what they think of it."""

    invitations: Invitations
    calls: Calls
    keepsakes: Keepsakes
    stories: Stories
    feedback: Feedbacks

    @classmethod
    def of(
        cls, database: Database, identities: Identities, keys: KeyRing, audit: Audit, access: Access
    ) -> Young:
        """In a store."""
        return cls(
            invitations=Invitations(database, identities, keys, audit, access),
            calls=Calls(database, identities, audit),
            keepsakes=Keepsakes(database, identities, audit),
            stories=Stories(database, identities, audit),
            feedback=Feedbacks(database, identities, audit),
        )
