"""What a signed-in person works in beside single notes, each with rules of its own."""

from __future__ import annotations

from collections.abc import Sequence

from recorder.errors import UnknownError
from recorder.review.answering import Answering
from recorder.review.arranging import Arranging
from recorder.review.calling import Calling
from recorder.review.checking import Checking
from recorder.review.choosing import Choosing
from recorder.review.clips import Clips
from recorder.review.consent import Consent
from recorder.review.contacts import Contacts
from recorder.review.dividing import Dividing
from recorder.review.drawn import Drawings
from recorder.review.emergency import Emergencies, Notice, told
from recorder.review.gallery import Gallery
from recorder.review.inviting import Inviting
from recorder.review.listened import Listening
from recorder.review.lists import Lists
from recorder.review.opinions import Opinions
from recorder.review.oversight import Oversight
from recorder.review.preparing import Preparing
from recorder.review.queue import Queues
from recorder.review.rows import Rows
from recorder.review.sampling import Sampling
from recorder.review.sight import Sight
from recorder.review.spoken import Transcripts
from recorder.review.standing import Summaries
from recorder.review.states import Role
from recorder.review.successes import OwnStories, Successes
from recorder.review.supervision import Supervisions
from recorder.review.teaming import Teaming
from recorder.review.tray import Tray
from recorder.review.typed import Typed
from recorder.review.unsaved import Unsaved
from recorder.review.versions import Versions
from recorder.review.voices import Naming
from recorder.review.whosees import WhoSees
from recorder.review.wiping import Wiping
from store.people import Member
from store.store import Store

STAFF = {Role.PRACTITIONER, Role.SUPERVISOR}


class Rooms:
    """Opened for one person; whoever may not enter a room finds no such room."""

    def __init__(self, store: Store, person: Member, timezone: str = "Europe/London") -> None:
        self._store = store
        self.person = person
        self.role = Role(person.role)
        self._timezone = timezone
        self._sight = Sight(store, person)
        self._rows = Rows(store, self._sight, timezone)
        self._checking = Checking(store, person, self._sight, timezone)

    @property
    def lists(self) -> Lists:
        """What needs somebody; staff only."""
        self._require(STAFF)
        return Lists(self._store, self.person, self._sight, self._rows, self._timezone)

    @property
    def queues(self) -> Queues:
        """What waits for a supervisor; theirs only."""
        self._require({Role.SUPERVISOR})
        return Queues(self._store, self.person, self._sight, self._rows, self._timezone)

    @property
    def opinions(self) -> Opinions:
        """What young people think of their summaries, in counts; supervisors only."""
        self._require({Role.SUPERVISOR})
        return Opinions(self._store, self._sight)

    @property
    def tray(self) -> Tray:
        """What is not yet in a note; staff only."""
        self._require(STAFF)
        return Tray(self._store, self.person, self._sight)

    @property
    def wiping(self) -> Wiping:
        """What to wipe from a camera's card or a phone; staff only."""
        self._require(STAFF)
        return Wiping(self._store, self.person, self._sight)

    @property
    def consent(self) -> Consent:
        """Agreement to recordings; staff only."""
        self._require(STAFF)
        return Consent(self._store, self.person, self._sight)

    @property
    def gallery(self) -> Gallery:
        """What was made of pictures and films; staff only."""
        self._require(STAFF)
        return Gallery(self._store, self.person, self._sight)

    @property
    def versions(self) -> Versions:
        """What changed in a note; staff only."""
        self._require(STAFF)
        return Versions(self._store, self.person, self._sight)

    @property
    def contacts(self) -> Contacts:
        """Merging notes of one contact, and splitting them; staff only."""
        self._require(STAFF)
        return Contacts(self._store, self.person, self._sight)

    @property
    def arranging(self) -> Arranging:
        """Moving a note's sentences; staff only."""
        self._require(STAFF)
        return Arranging(self._store, self.person, self._sight)

    @property
    def answering(self) -> Answering:
        """Answering what a young person says; staff only."""
        self._require(STAFF)
        return Answering(self._store, self.person, self._sight)

    @property
    def unsaved(self) -> Unsaved:
        """What this person typed and did not save; staff only."""
        self._require(STAFF)
        return Unsaved(self._store, self.person, self._sight)

    @property
    def checking(self) -> Checking:
        """Answering for sentences that a check stops; staff only."""
        self._require(STAFF)
        return self._checking

    def sampling(self, per_cent: float) -> Sampling:
        """Approved notes that are heard once more; supervisors only."""
        self._require({Role.SUPERVISOR})
        return Sampling(self._store, self.person, self._sight, per_cent)

    @property
    def listening(self) -> Listening:
        """What this person listened to, and has still to; staff only."""
        self._require(STAFF)
        return Listening(self._store, self.person, self._sight)

    @property
    def clips(self) -> Clips:
        """The sound of sentences, cut out of recordings in which others are heard; staff only."""
        self._require(STAFF)
        return Clips(self._store, self.person, self._sight)

    @property
    def transcripts(self) -> Transcripts:
        """What was said in recordings; staff only."""
        self._require(STAFF)
        return Transcripts(self._store, self.person, self._sight)

    @property
    def naming(self) -> Naming:
        """Whose voices are in recordings; staff only."""
        self._require(STAFF)
        return Naming(self._store, self.person, self._sight)

    @property
    def summaries(self) -> Summaries:
        """Where the work with each young person stands; staff only."""
        self._require(STAFF)
        return Summaries(self._store, self.person, self._sight, self._rows)

    @property
    def preparing(self) -> Preparing:
        """Summaries for young people, prepared by one and let go by another; staff only."""
        self._require(STAFF)
        return Preparing(self._store, self.person, self._sight, self._checking)

    @property
    def successes(self) -> Successes:
        """Stories for the team's wall; staff only."""
        self._require(STAFF)
        return Successes(self._store, self.person, self._sight)

    @property
    def own_stories(self) -> OwnStories:
        """What may be told of a young person; theirs only."""
        self._require({Role.YOUNG_PERSON})
        return OwnStories(self._store, self.person)

    @property
    def young_people(self) -> Choosing:
        """Whom this person may write about; staff only."""
        self._require(STAFF)
        return Choosing(self._store, self.person, self._sight)

    @property
    def emergencies(self) -> Emergencies:
        """Cases opened in an emergency; staff only."""
        self._require(STAFF)
        return Emergencies(self._store, self.person, self._sight)

    @property
    def oversight(self) -> Oversight:
        """Who did what; data protection only."""
        return Oversight(self._store, self.person)

    @property
    def who_sees(self) -> WhoSees:
        """Who sees a case; staff only."""
        self._require(STAFF)
        return WhoSees(self._store, self.person, self._sight)

    @property
    def inviting(self) -> Inviting:
        """Young people and their invitations; staff only."""
        self._require(STAFF)
        return Inviting(self._store, self.person, self._sight)

    @property
    def teams(self) -> Teaming:
        """People and teams; not for practitioners."""
        return Teaming(self._store, self.person)

    def told(self) -> Sequence[Notice]:
        """Emergencies that this person is to be told of, whatever page they look at."""
        return told(self._store, self.person, self._sight)

    def calling(self, minutes: int) -> Calling:
        """Young people who ask for somebody; after so many minutes every supervisor is told."""
        return Calling(self._store, self.person, self._sight, minutes)

    def opened(self) -> Sequence[Notice]:
        """What they themselves opened, and is open to them still."""
        return self.emergencies.mine() if self.role in STAFF else []

    @property
    def typed(self) -> Typed:
        """Notes that nobody recorded; staff only."""
        self._require(STAFF)
        return Typed(self._store, self.person, self.young_people, self._checking)

    @property
    def dividing(self) -> Dividing:
        """Notes about several young people, made into one each; staff only."""
        self._require(STAFF)
        return Dividing(self._store, self.person, self._sight, self.young_people)

    @property
    def supervision(self) -> Supervisions:
        """Workers' own records; staff only."""
        self._require(STAFF)
        return Supervisions(self._store, self.person, self._sight, self)

    @property
    def drawings(self) -> Drawings:
        """Drawings and photos beside supervisions; staff only."""
        self._require(STAFF)
        return Drawings(self._store, self.person, self._sight, self.young_people)

    def _require(self, roles: set[Role]) -> None:
        if self.role not in roles:
            raise UnknownError
