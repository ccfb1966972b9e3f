"""What arrivals in a watched folder are like: one story a kind. See `tests.attacks.arrivals`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.attacks.arrivals import Beginning, Folder, Story, sealed, wav

BLOCK = 4096  # bytes; no smaller hole can be told
STORIES: dict[str, Beginning] = {}


def story(told: Callable[[Folder], Story]) -> Callable[[Folder], Story]:
    STORIES[told.__name__.replace("_", " ")] = told
    return told


@story
def a_copy(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    folder.path(case).write_bytes(content)
    folder.must(case, content)
    yield 0


@story
def under_a_passing_name(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    final = folder.path(case)
    forms = (".syncthing.{}.tmp", "~syncthing~{}.tmp", "{}.part", "{}.crdownload", "{}~RF1.TMP")
    passing = final.with_name(folder.chance.choice(forms).format(final.name[-60:]))
    passing.write_bytes(content[: len(content) // 2])
    yield folder.pause()
    passing.write_bytes(content)
    os.utime(passing, (1_600_000_000, 1_600_000_000))
    yield folder.pause()
    passing.rename(final)
    folder.must(case, content)


@story
def kept_open_while_it_grows(folder: Folder) -> Story:
    """It looks whole all the time."""
    case, content = folder.case(), folder.content(says_length=False)
    with folder.path(case).open("wb") as writer:
        for start in range(0, len(content), 700):
            writer.write(content[start : start + 700])
            writer.flush()
            yield folder.pause()
    folder.must(case, content)


@story
def growing(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path, start = folder.path(case), 0
    while start < len(content):
        with path.open("ab") as writer:
            writer.write(content[start : start + 900])
        start += 900
        if start < len(content):
            yield folder.pause()
    folder.must(case, content)


@story
def stalled_and_finished(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    path.write_bytes(content[:-30])
    yield 700 + folder.pause()
    path.write_bytes(content)
    folder.must(case, content)


@story
def replaced_while_it_is_copied(folder: Folder) -> Story:
    case, first, second = folder.case(), folder.content(), folder.content()
    path, other = folder.path(case), folder.path(case, ".tmp")
    path.write_bytes(first[: len(first) // 2])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    yield folder.pause()
    other.write_bytes(second)
    os.utime(other, (1_700_000_000, 1_700_000_000))
    other.rename(path)
    folder.must(case, second)


@story
def written_over(folder: Folder) -> Story:
    """The same name, size and time; other bytes."""
    case, samples = folder.case(), folder.chance.randrange(50, 900) * 2
    path = folder.path(case)
    for last in (False, False, True):
        content = folder.content(samples)
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        if last:
            folder.must(case, content)
            return
        yield folder.pause(80)
        folder.taken_back(case, content, path)


@story
def the_same_again(folder: Folder) -> Story:
    """Under another name, perhaps in another case."""
    case = folder.case()
    content = folder.chance.choice(folder.contents) if folder.contents else folder.content()
    folder.path(case).write_bytes(content)
    folder.must(case, content)
    yield 0


@story
def one_file_under_two_names(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    path.write_bytes(content)
    path.with_stem(f"link of {path.stem[-20:]}").hardlink_to(path)
    folder.must(case, content)
    yield 0


@story
def reserved_and_filled_later(folder: Folder) -> Story:
    """Its whole length at once, then block by block in any order, closed in between."""
    blocks = folder.chance.randrange(3, 7)
    case, content = folder.case(), folder.content(blocks * BLOCK)
    path, order = folder.path(case), list(range(1, blocks + 1))
    folder.chance.shuffle(order)
    with path.open("wb") as writer:
        if folder.chance.random() < 0.5:
            writer.truncate(len(content))
        else:
            os.posix_fallocate(writer.fileno(), 0, len(content))
        writer.write(content[:BLOCK])
    for number in order:
        yield folder.pause()
        if not path.exists():
            assert path in folder.said_to_be_whole, "taken before it was whole"
            return
        with path.open("r+b") as writer:
            writer.seek(number * BLOCK)
            writer.write(content[number * BLOCK : (number + 1) * BLOCK])
    folder.must(case, content)


@story
def from_a_wrong_clock(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    path.write_bytes(content)
    for _ in range(3):
        os.utime(path, (1, folder.chance.choice((1, 315_532_800, 2_000_000_000, 4_102_444_800))))
        yield folder.pause(20)
        if not path.exists():
            break
    folder.must(case, content)


@story
def taken_back(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    path.write_bytes(content)
    yield folder.pause(60)
    if folder.taken_back(case, content, path):
        folder.stuck.discard(path)
        path.unlink()


@story
def moved_to_another_case(folder: Folder) -> Story:
    first, second = folder.chance.sample(folder.cases, 2)
    content = folder.content()
    path = folder.path(first)
    path.write_bytes(content)
    yield folder.pause(60)
    if folder.taken_back(first, content, path):
        path.rename(folder.path(second))
        folder.must(second, content)


@story
def sealed_on_a_laptop(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    whole = sealed(folder.home, content, folder.chance.randrange(2))
    path = folder.path(case, ".wav.age")
    path.write_bytes(whole[: folder.chance.randrange(10, len(whole))])
    yield folder.pause()
    path.write_bytes(whole)
    folder.must(case, content)


@story
def empty_at_first(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    path.touch()
    yield folder.pause()
    path.write_bytes(content)
    folder.must(case, content)


@story
def not_to_be_removed_for_a_while(folder: Folder) -> Story:
    case, content = folder.case(), folder.content()
    path = folder.path(case)
    folder.stuck.add(path)
    path.write_bytes(content)
    folder.must(case, content)
    yield folder.pause()
    folder.stuck.discard(path)


@story
def no_recording(folder: Folder) -> Story:
    made = {".docx": b"dear all", ".wav": b"\0" * 300, ".m4a": wav(b"not what its name says")}
    ending = folder.chance.choice(list(made))
    folder.path(folder.case(), ending).write_bytes(made[ending])
    yield 0


@story
def nobodys_business(folder: Folder) -> Story:
    path = folder.path(folder.case())
    path.with_name(folder.chance.choice(("desktop.ini", "~$x.docx", ".DS_Store"))).write_bytes(b"x")
    yield 0


@story
def in_a_strangers_folder(folder: Folder) -> Story:
    """It is sealed and waits; somebody says whose it is, or moves it before it was taken."""
    case, content = folder.case(), folder.content()
    name = folder.path(case).name
    path: Path = folder.home.settings.intake / "stranger" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    yield folder.pause()
    if not folder.given(path, case):
        path.rename(folder.path(case))
    folder.must(case, content)
    yield 0
