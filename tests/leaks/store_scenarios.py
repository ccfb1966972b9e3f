"""How each error of the store comes about, with canaries all around it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from random import Random

from sqlalchemy import text, update

from store import age, errors, shares
from store.backup.pool import Blob
from store.cases import CaseDetails
from store.checkpoint import load
from store.disposal import SOUND, Judged, Thing
from store.keystore import KeyStore
from store.root import Root
from store.session import Database, now_ms
from store.tables import note_versions
from store.vault import LocalVault
from store.wrappers.keyfile import KeyFile
from store.wrappers.model import Entry, open_entry, seal
from store.wrappers.passphrase import UNSAFE_TEST_ONLY_CHEAPEST as CHEAP
from store.wrappers.passphrase import Passphrase, nobody
from tests.leaks.world import PASSPHRASE, World

Scenario = Callable[[World], object]
SCENARIOS: dict[type[Exception], Scenario] = {}
HOME = "4f1c9a2077de0b31"


def raises(error: type[Exception]) -> Callable[[Scenario], Scenario]:
    """Marks what raises exactly this error."""

    def marked(scenario: Scenario) -> Scenario:
        SCENARIOS[error] = scenario
        return scenario

    return marked


# --- age ---


@raises(errors.HeaderError)
def a_header_with_words_for_a_stanza(world: World) -> object:
    word = world.canaries.word()
    header = f"age-encryption.org/v1\n-> {word}\n{word}\n--- {word}\n"
    return age.open_key(header.encode(), [age.new_identity()])


@raises(errors.MacError)
def a_header_with_one_stanza_more(world: World) -> object:
    identity = age.new_identity()
    _, header = age.seal_key([identity.recipient])
    more = f"\n-> {world.canaries.word()}\nYQ\n---".encode()
    return age.open_key(header.replace(b"\n---", more), [identity])


@raises(errors.ArmourError)
def armour_around_words(world: World) -> object:
    word = world.canaries.word()
    written = f"-----BEGIN AGE ENCRYPTED FILE-----\n{word}!\n-----END AGE ENCRYPTED FILE-----\n"
    return _opened(written.encode(), age.new_identity())


@raises(errors.NoMatchError)
def a_file_for_somebody_else(world: World) -> object:
    return _opened(_sealed(world, age.new_identity()), age.new_identity())


@raises(errors.PayloadError)
def a_file_that_was_changed(world: World) -> object:
    identity = age.new_identity()
    sealed = bytearray(_sealed(world, identity))
    sealed[-1] ^= 1
    return _opened(bytes(sealed), identity)


def _sealed(world: World, identity: age.KeyIdentity) -> bytes:
    return b"".join(age.seal_file([identity.recipient], [world.canaries.phrase().encode()]))


def _opened(data: bytes, identity: age.Identity) -> bytes:
    return b"".join(age.open_file(lambda at, n: data[at : at + n], len(data), [identity]))


# --- keys ---


@raises(errors.KeyUnavailableError)
def a_key_that_others_can_read(world: World) -> object:
    keys = world.home.settings.keys
    (key,) = keys.glob("*.key")
    key.chmod(0o644)
    return KeyStore(keys).open({KeyFile.kind: KeyFile(keys)})


@raises(errors.KeyAbsentError)
def a_passphrase_that_nobody_gives(_world: World) -> object:
    root, entry = _by_passphrase()
    return open_entry(entry, HOME, root.id, Passphrase(nobody, floor=CHEAP))


@raises(errors.WrongKeyError)
def another_passphrase(world: World) -> object:
    root, entry = _by_passphrase()
    return open_entry(entry, HOME, root.id, _asked(world.canaries.phrase()))


@raises(errors.ShareError)
def a_sheet_with_another_word(world: World) -> object:
    share = shares.split(bytes(32), 2, 3, HOME)[0]
    return shares.read(f"{world.canaries.word()} {shares.sheet(share, 3)}")


def _by_passphrase() -> tuple[Root, Entry]:
    root = Root.new()
    return root, seal(root, HOME, _asked(PASSPHRASE), {})


def _asked(words: str) -> Passphrase:
    return Passphrase(lambda: words, cost=CHEAP, floor=CHEAP)


# --- rows and blobs ---


@raises(errors.TamperedError)
def a_row_that_was_changed(world: World) -> object:
    note = world.note
    with world.home.store.database.write() as connection:
        mine = note_versions.c.note_id == note.id
        noise = Random(1).randbytes(300)
        connection.execute(update(note_versions).where(mine).values(sealed=noise))
    return world.home.store.notes.version(note.id, note.number)


@raises(errors.ErasedError)
def a_case_that_was_erased(world: World) -> object:
    case = world.case
    world.home.store.erasing.case(case.id, "console")
    return world.home.store.cases.by_ref(case.details.ref)


@raises(errors.HeldError)
def a_case_that_is_held(world: World) -> object:
    world.home.store.holds.place(world.case.id, world.canaries.phrase(), "console")
    return world.home.store.erasing.case(world.case.id, "console")


@raises(errors.SoundErasedError)
def a_recording_whose_sound_went_by_a_rule(world: World) -> object:
    store = world.home.store
    found = store.recordings.all()[0]
    thing = Thing(SOUND, found.id, "sound")
    store.disposing.tell([thing])
    store.disposing.sounds([thing], Judged({}, frozenset({found.scope}), now_ms()), "console")
    return store.recordings.open(found.id)


@raises(errors.NotFoundError)
def a_reference_that_nobody_has(world: World) -> object:
    return world.home.store.cases.by_ref(world.canaries.word())


@raises(errors.DatabaseError)
def a_database_without_room(world: World) -> object:
    store = world.home.store
    if store.database.engine.dialect.name == "sqlite":
        with store.database.engine.connect() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    note = world.note
    while True:  # until the last free page is used up
        words = world.canaries.phrase() * 100
        store.notes.reply(note, note.number, world.practitioner.id, words.encode())


@raises(errors.PlaceError)
def a_home_in_a_synced_folder(world: World) -> object:
    folder = world.tmp / world.canaries.word() / "OneDrive" / world.canaries.word()
    return Database(f"sqlite:///{folder / 'recorder.db'}")


@raises(errors.BusyError)
def a_database_that_another_machine_runs_on(world: World) -> object:
    url = world.server().url("postgres", "postgres")
    with closing(Database(url)) as one, closing(Database(url)) as two, one.alone(), two.alone():
        return None


@raises(errors.DuplicateError)
def a_reference_that_is_taken(world: World) -> object:
    taken = world.case.details.ref
    details = CaseDetails(taken, world.canaries.name())
    return world.home.store.cases.add(details, world.practitioner.id, "console")


@raises(errors.ConflictError)
def a_note_that_moved_on(world: World) -> object:
    store, note = world.home.store, world.note
    for _ in range(2):
        with store.database.write() as connection:
            words = world.canaries.phrase().encode()
            store.notes.add_version(connection, note, words, None, "draft")
    return None


# --- the audit log ---


@raises(errors.AuditError)
def a_log_that_was_changed(world: World) -> object:
    with world.home.store.database.write() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        change = text("UPDATE audit SET action = :word WHERE seq = 7")
        connection.execute(change, {"word": "something else"})
    return world.home.store.audit.verify()


@raises(errors.CheckpointError)
def a_checkpoint_that_says_something_else(world: World) -> object:
    word = world.canaries.word()
    path = world.home.settings.intake / f"{word}.txt"
    path.write_text(f"{word}\n7\n{word}\n\n— {word} {word}\n")
    return load(path, world.home.store.audit.signer())


@raises(errors.VaultError)
def a_vault_that_takes_nothing(world: World) -> object:
    folder = world.tmp / "a vault"
    vault = LocalVault(folder)
    (folder / "aa").write_bytes(b"a file where a folder is to be")
    return vault.put("aa" * 16, [world.canaries.word().encode()])


@raises(errors.BackupError)
def a_list_of_blobs_that_is_damaged(world: World) -> object:
    return Blob.parse(world.canaries.word().encode())
