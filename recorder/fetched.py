"""Speech models that do not come in packages: copied in once, pinned, and checked ever after.

Nothing is downloaded. Whoever runs the machine brings a CTranslate2 folder of Whisper (small, medium,
large-v3-turbo or another) and the SHA-256 of its weights, from wherever they trust; both are theirs to answer for.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import msgspec

from recorder.errors import ModelError, UsageError
from recorder.models import PACKAGED, PINS, ModelFolder, folder, pins, sum_of

_FILES = ("model.bin", "config.json", "tokenizer.json")
_PERHAPS = ("vocabulary.json", "vocabulary.txt", "preprocessor_config.json")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,40}")


def fetch(name: str, source: Path, sha256: str, cache: Path) -> ModelFolder:
    """Copy the model in `source` into `cache` under `name`; every file of it is pinned from then on.

    Raises:
        UsageError: the name will not do.
        ModelError: a file is missing, or the weights have another sum than `sha256`. Nothing is kept.
    """
    if name in PACKAGED or _NAME.fullmatch(name) is None:
        raise UsageError(
            "this name cannot be used: take small letters, digits and hyphens, and not 'base'"
        )
    if not all((source / each).is_file() for each in _FILES):
        raise ModelError(
            "This folder is no speech model: it needs model.bin, config.json and tokenizer.json. Nothing was copied."
        )
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetching-") as beside:
        made = Path(beside) / name
        made.mkdir(mode=0o700)
        for each in (*_FILES, *(each for each in _PERHAPS if (source / each).is_file())):
            shutil.copyfile(source / each, made / each)
        sums = {path.name: sum_of(path) for path in made.iterdir()}
        if sums[_FILES[0]] != sha256.lower():
            raise ModelError(
                "The weights are not the ones that were asked for: their SHA-256 is another. Nothing was kept. "
                "Check where they came from."
            )
        (made / PINS).write_bytes(msgspec.json.encode(sums))
        if (cache / name).exists():
            shutil.rmtree(cache / name)
        made.replace(cache / name)
    return ModelFolder(cache / name, name, sums[_FILES[0]])


def verify(name: str, cache: Path) -> ModelFolder:
    """Read every byte of a model again and compare; nothing that was noted before is believed.

    Raises ModelError when a file is not the pinned one.
    """
    found = folder(name, cache)
    wanted = PACKAGED[name].sums if name in PACKAGED else pins(name, cache)
    sums = {each: sum_of(found.path / each) for each in wanted or {_FILES[0]: found.sha256}}
    if wanted is not None and sums != wanted:
        raise ModelError
    return ModelFolder(found.path, found.name, sums[_FILES[0]])
