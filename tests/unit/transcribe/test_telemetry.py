"""onnxruntime reports its use to its maker, and ours must not."""

from __future__ import annotations

import subprocess
import sys
from mmap import ACCESS_READ, mmap
from pathlib import Path

import onnxruntime

SWITCH = "ORT_DISABLE_TELEMETRY"
IN_C = f"from ctypes import CDLL, c_char_p as s; get = CDLL(None).getenv; get.restype = s; print(get({SWITCH.encode()!r}))"


def test_whoever_loads_a_model_has_switched_the_reports_off_before() -> None:
    code = f"import transcribe.draft.embedding; {IN_C}"  # as the library itself will ask
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert asked.stdout.strip() == "b'1'"


def test_the_switch_is_one_that_the_installed_library_knows() -> None:
    library = sorted(
        (Path(onnxruntime.__file__).parent / "capi").glob("onnxruntime_pybind11_state*")
    )
    with library[0].open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        assert content.find(SWITCH.encode()) >= 0
