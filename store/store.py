"""The store as its callers see it: one object, one room a subject."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from store.access import Access
from store.agreements import Agreements
from store.arrivals import Arrivals
from store.assign import Assigning
from store.audit import Audit
from store.backup.examine import Examination
from store.backup.keep import Backups
from store.backup.write import Source
from store.captures import Captures
from store.cases import Cases
from store.circles import Circles
from store.credentials import Credentials
from store.custody import has_team, in_use, ring_of, unlock
from store.derived import Makings
from store.disposal import Disposing
from store.emergencies import Emergencies
from store.erasing import Erasing
from store.errors import DatabaseError, KeyUnavailableError
from store.files import Files
from store.grouping import Grouping
from store.hearings import Hearings
from store.holds import Holds
from store.identities import Identities
from store.inventory import Inventory
from store.journal import Journal
from store.keys import KeyRing
from store.keystore import KeyStore, Opened, Wrappers
from store.laptops import Laptops
from store.ledger import Ledger
from store.listenings import Listenings, Relistenings
from store.listing import Listing
from store.notes import Notes
from store.numbered import Corrections, Summaries
from store.openings import Openings
from store.outward import Offers, Packs, Passages
from store.ownrecords import OwnRecords
from store.people import People
from store.records import Recordings
from store.redactions import Redactions
from store.root import Root
from store.search import Search
from store.session import Database
from store.strays import Strays, require_there
from store.switches import Switches
from store.tables import TEAM
from store.teams import Teams
from store.tries import Challenges, Tries
from store.unsaved import Unsaved
from store.uploads import Uploads
from store.vault import Location, Vault, open_vault
from store.wrappers.keyfile import KeyFile
from store.young import Young


@dataclass(frozen=True, slots=True)
class Store:
    """Everything at rest."""

    database: Database
    vault: Vault
    audit: Audit
    people: People
    cases: Cases
    teams: Teams
    circles: Circles
    emergencies: Emergencies
    young: Young
    recordings: Recordings
    captures: Captures
    journal: Journal
    files: Files
    notes: Notes
    listing: Listing
    listenings: Listenings
    relistenings: Relistenings
    unsaved: Unsaved
    search: Search
    assigning: Assigning
    own_records: OwnRecords
    grouping: Grouping
    access: Access
    credentials: Credentials
    tries: Tries
    challenges: Challenges
    laptops: Laptops
    arrivals: Arrivals
    openings: Openings
    uploads: Uploads
    strays: Strays
    inventory: Inventory
    hearings: Hearings
    corrections: Corrections
    summaries: Summaries
    makings: Makings
    passages: Passages
    offers: Offers
    packs: Packs
    redactions: Redactions
    switches: Switches
    agreements: Agreements
    holds: Holds
    erasing: Erasing
    disposing: Disposing
    ledger: Ledger
    backups: Backups
    examination: Examination

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def create(url: str, vault: Location, keys: Path) -> Store:
    """A new store: root key in a key file, schema and the team's own identity.

    DatabaseError if the database cannot be used, or holds a home already; then no key is made.
    """
    database = Database(url)
    try:
        with database.read() as connection:
            if in_use(connection):
                raise DatabaseError(
                    "the database holds another home already: give this one its own"
                )
        database.upgrade()
    finally:
        database.engine.dispose()
    KeyStore(keys).create(Root.new(), KeyFile(keys))
    return connect(url, vault, keys)


def connect(
    url: str,
    vault: Location,
    keys: Path,
    wrappers: Wrappers | None = None,
    *,
    filled: bool = True,
) -> Store:
    """Open a store and bring its schema up to date; KeyUnavailableError without its root key.

    `wrappers` are the ways to the root key that can be used here: by default its key file.
    VaultError if the vault's drive is away; not `filled`, it is a new one for what the rows name.
    """
    opened = KeyStore(keys).open(wrappers or {KeyFile.kind: KeyFile(keys)})
    database = Database(url)
    try:
        ring = _ring(database, opened)
        if filled:
            require_there(database, vault)
        store = assemble(database, ring, open_vault(vault))
        store.circles.restrictions.begin()
    except BaseException:
        database.engine.dispose()
        raise
    return store


def _before_upgrade(database: Database, opened: Opened) -> KeyRing:
    """The ring in force in a database of any version.

    Another process may change the schema under a view of it, which then fits neither version: it is
    looked at again once there is a new one.
    """
    while True:
        version = database.version()
        try:
            with database.read() as connection:
                return ring_of(connection, opened)
        except KeyUnavailableError:
            if database.version() == version:
                raise


def _ring(database: Database, opened: Opened) -> KeyRing:
    ring = _before_upgrade(database, opened)
    database.upgrade(ring.audit_mac)
    with database.read() as connection:
        if has_team(connection):
            return unlock(connection, opened)
    with database.write() as connection:
        if not has_team(connection):  # nor was it made by another process meanwhile
            Identities(ring).create(connection, TEAM)
        return unlock(connection, opened)


def assemble(database: Database, ring: KeyRing, blobs: Vault) -> Store:
    """The rooms over a database of the newest schema that `ring` opens."""
    scopes = Identities(ring)
    audit = Audit(database, ring, scopes)
    database.alarm.connect(audit.tampering)
    scopes.pinning(audit.pin)
    holds, access = Holds(database, scopes, audit), Access(database, ring, audit)
    recordings, ledger = Recordings(database, scopes, ring, audit, blobs), Ledger(database, scopes)
    arrivals, journal = Arrivals(database, scopes, blobs), Journal(database, scopes, ring)
    captures, makings = Captures(database, scopes, audit), Makings(database, scopes, audit, blobs)
    teams, uploads = Teams(database, scopes, audit), Uploads(database, scopes, audit, blobs)
    return Store(
        database=database,
        vault=blobs,
        audit=audit,
        people=People(database, scopes, ring, audit),
        cases=Cases(database, scopes, ring, audit, journal),
        teams=teams,
        circles=Circles(database, scopes, audit, teams),
        emergencies=Emergencies(database, scopes, audit),
        recordings=recordings,
        captures=captures,
        journal=journal,
        files=Files(database, journal, audit),
        notes=Notes(database, scopes, audit),
        listing=Listing(database, scopes),
        listenings=Listenings(database, scopes, audit),
        relistenings=Relistenings(database, scopes, audit, ring),
        unsaved=Unsaved(database, scopes, audit),
        search=Search(database, scopes),
        assigning=Assigning(database, scopes, audit, holds),
        own_records=OwnRecords(database, scopes, audit),
        grouping=Grouping(database, audit),
        access=access,
        young=Young.of(database, scopes, ring, audit, access),
        credentials=Credentials(database, scopes, ring, audit),
        tries=Tries(database, ring),
        challenges=Challenges(database, ring),
        laptops=Laptops(database, scopes),
        arrivals=arrivals,
        openings=Openings(database, scopes),
        uploads=uploads,
        strays=Strays(database, audit, blobs),
        inventory=Inventory(database, scopes, blobs, arrivals),
        hearings=Hearings(database, scopes),
        corrections=Corrections(database, scopes, audit),
        summaries=Summaries(database, scopes, audit),
        makings=makings,
        passages=Passages(database, scopes, audit),
        offers=Offers(database, scopes, audit),
        packs=Packs(database, scopes, audit),
        redactions=Redactions(database, scopes, audit),
        switches=Switches(database, audit),
        agreements=Agreements(database, scopes, audit, recordings, captures),
        holds=holds,
        erasing=Erasing(database, scopes, audit, blobs, holds, journal),
        disposing=Disposing(database, scopes, audit, holds),
        ledger=ledger,
        backups=Backups(Source(database, blobs, scopes, ring, audit), ledger),
        examination=Examination(database, scopes, recordings, makings, arrivals, uploads, audit),
    )
