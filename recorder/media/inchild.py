"""Python with a library or two in a closed-off child: what it imports, and all that it may read."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from recorder.sandbox.ladder import Program, python_program

# A library that cannot be read in there is the machine's fault: said as "no such program".
_START = """
import os, sys
os.putenv("OPENBLAS_NUM_THREADS", "1")  # each would claim memory of its own
sys.path += sys.argv[1].split(":")
try:
    import {module}
except (ImportError, OSError):
    sys.exit(127)
{module}.main(sys.argv[2:])
"""


def child_program(module: str, libraries: tuple[str, ...], *arguments: str) -> Program:
    """Run `main` of a module that stands beside this one, with these libraries and no more."""
    folders, reads = seen(module, libraries)
    start = _START.format(module=module)
    return python_program("-c", start, ":".join(folders), *arguments, reads=reads, lists=folders)


def there(*libraries: str) -> bool:
    """Whether these can be imported here."""
    return all(find_spec(each) is not None for each in libraries)


@cache
def seen(module: str, libraries: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where it looks for what it imports, and all that it may read there."""
    own = Path(__file__).with_name(f"{module}.py")
    found = [Path(spec.origin) for name in libraries if (spec := find_spec(name)) and spec.origin]
    packages = [path.parent if path.stem == "__init__" else path for path in found]
    folders = dict.fromkeys(str(path.parent) for path in (*packages, own))
    # What they bring beside them: pillow.libs, numpy.libs and the like.
    bundled = [each for folder in folders for each in sorted(Path(folder).glob("*.libs"))]
    wanted = [each for each in bundled if _belongs(each.stem, libraries)]
    return tuple(folders), tuple(map(str, (own, *packages, *wanted)))


def _belongs(bundle: str, libraries: tuple[str, ...]) -> bool:
    names = {"PIL": "pillow", "cv2": "opencv_python_headless"}
    return bundle in {names.get(each, each) for each in libraries}
