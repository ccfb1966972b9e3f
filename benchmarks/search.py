"""How long a search over everything takes, on this machine.

Usage: python -m benchmarks.search [--notes 20000]

Two homes of made-up notes: one whose notes take up 2 kB at rest, and one whose notes hold 2 kB of
words, which is three times as much with what each sentence stands on. A supervisor looks for two
words that stand in ten notes, so that every row is opened, and for a word that stands in all, for
the time until the first page of hits. Beside them, in the same run: AES-256-GCM and a substring
search, and nothing else, over the same payloads in memory. The clock is the processor's: what else
runs on the machine is not counted, and nothing here waits for anything.
"""

from __future__ import annotations

import argparse
import random
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recorder.codec import encode
from recorder.review.desk import Desk
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.reach import Reach
from store.store import Store, create
from transcribe.model import Contact, Draft, Origin, Source, Statement

CASES, TIMES, PAGE, SEED = 200, 5, 20, 20
NONCE = bytes(12)  # a benchmark's keys are used for nothing else
RARE, RARE_WORDS, COMMON = 10, "zeppelin harbour", "bus"
WORDS = (
    "he she they said went talked about school work home family friends worried calm late early "
    "with again nan mum college tutor plan phone messages walk park football music drawing bus"
).split()
TYPED, ACCENTED = 0.5, 0.1  # share of notes with curly apostrophes, and with accents


@dataclass(frozen=True, slots=True)
class Team:
    """A home with a supervisor, and cases to write notes on."""

    store: Store
    supervisor: Member
    cases: Sequence[Case]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--notes", type=int, default=20_000)
    count = reader.parse_args().notes
    for name, words in (("2 kB at rest", 500), ("2 kB of words", 2000)):
        with team() as found:
            fill(found, count, words)
            print(f"{count} notes of {CASES} cases, {name}:")
            measure(found, count)


def measure(found: Team, count: int) -> None:
    desk = Desk(found.store, found.supervisor)
    hits = len(list(desk.search(RARE_WORDS)))
    if hits != RARE:
        raise SystemExit(f"{hits} notes were found, and {RARE} hold the words")
    sealed = sealed_again(found.store)
    size = sum(len(row) for _, row in sealed) / count
    whole = seconds(lambda: list(desk.search(RARE_WORDS)))
    page = seconds(lambda: list(islice(desk.search(COMMON), PAGE)))
    raw = seconds(lambda: opened_and_looked_at(sealed))
    print(f"  every row opened, {RARE} hits: {whole:.2f} s; {size:.0f} bytes a row")
    print(f"  the first {PAGE} hits of a word that all hold: {page:.3f} s")
    print(f"  decryption and substring alone: {raw:.2f} s; ratio {whole / raw:.1f}")


def seconds(work: Callable[[], object]) -> float:
    """The median over several times."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return median(once() for _ in range(TIMES))


def sealed_again(store: Store) -> list[tuple[AESGCM, bytes]]:
    """Every payload there is, under a bare cipher of its case's own."""
    payloads: list[bytes] = []

    def take(_case: str | None, payload: bytes) -> bool:
        payloads.append(payload)
        return False

    list(store.search.notes(Reach(everyone=True), take))
    ciphers = [AESGCM(secrets.token_bytes(32)) for _ in range(CASES)]
    chosen = (ciphers[number % CASES] for number in range(len(payloads)))
    return [
        (c, c.encrypt(NONCE, payload, None)) for c, payload in zip(chosen, payloads, strict=False)
    ]


def opened_and_looked_at(sealed: Sequence[tuple[AESGCM, bytes]]) -> int:
    needle = RARE_WORDS.encode()
    return sum(needle in cipher.decrypt(NONCE, row, None) for cipher, row in sealed)


@contextmanager
def team() -> Iterator[Team]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = create(f"sqlite:///{home / 'recorder.db'}", home / "vault", home / "keys")
        supervisor = store.people.add(Member("", "supervisor", "ruth", "Ruth", None), "bench")
        worker = store.people.add(Member("", "practitioner", "amara", "Amara", None), "bench")
        details = (CaseDetails(f"EV-{number}", f"Child {number}") for number in range(CASES))
        cases = [store.cases.add(each, worker.id, "bench") for each in details]
        yield Team(store, supervisor, cases)
        store.close()


def fill(found: Team, count: int, words: int) -> None:
    """`count` notes of some `words` bytes of words each; RARE of them hold the rare words."""
    rng = random.Random(SEED)  # noqa: S311 - words, not secrets
    rare = set(rng.sample(range(count), RARE))
    with found.store.database.write() as connection:
        for number in range(count):
            case = rng.choice(found.cases)
            moment = rng.randrange(10**12)
            by = case.practitioner_id
            note = Note("", case.id, case.id, by, "case_note", "draft", 0, moment, 0)
            last = RARE_WORDS if number in rare else COMMON
            found.store.notes.create(connection, note, encode(draft(rng, words, last)), by)


def draft(rng: random.Random, size: int, last: str) -> Draft:
    statements: list[Statement] = []
    written = 0
    words = [*WORDS, *(["don’t"] if rng.random() < TYPED else [])]
    words += ["José"] if rng.random() < ACCENTED else []
    while written < size:
        text = " ".join(rng.choices(words, k=17)).capitalize() + f" {last}."
        written += len(text)
        place = 1000 * len(statements)
        source = Source(secrets.token_hex(16), place, place + 900)
        name = f"s{len(statements)}"
        statements.append(
            Statement(name, "what_happened", text, Origin.MACHINE, "Amara Cole", (source,))
        )
    return Draft("case_note", Contact(), tuple(statements))


if __name__ == "__main__":
    main()
