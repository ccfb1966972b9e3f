"""Rebuild recorder/review/static/govuk-frontend.min.css from its pinned npm package.

Needs npm. Run it after changing a version here or the list of parts in govuk.scss:

    python tools/build_css.py [--modules FOLDER]

`--modules` is a node_modules folder that holds both packages already; nothing is fetched then.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

VERSIONS = {"govuk-frontend": "6.6.0", "sass": "1.108.2"}
TOOLS = Path(__file__).resolve().parent
TARGET = TOOLS.parent / "recorder" / "review" / "static" / "govuk-frontend.min.css"
FORBIDDEN = ("url(", "@font-face", "GDS Transport", "@import")  # each would fetch something


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", type=Path)
    given = parser.parse_args().modules
    with tempfile.TemporaryDirectory() as scratch:
        modules = given or installed(Path(scratch))
        check_versions(modules)
        css = compiled(modules)
    found = [word for word in FORBIDDEN if word in css]
    if found:
        sys.exit(f"the stylesheet would ask for something else: {', '.join(found)}")
    note = (
        f"/* govuk-frontend {VERSIONS['govuk-frontend']}, MIT: see govuk-frontend.LICENSE.txt */\n"
    )
    TARGET.write_text(note + css, encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


def installed(folder: Path) -> Path:
    packages = [f"{name}@{version}" for name, version in VERSIONS.items()]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *packages]
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    subprocess.run(command, cwd=folder, check=True)
    return folder / "node_modules"


def check_versions(modules: Path) -> None:
    for name, version in VERSIONS.items():
        text = (modules / name / "package.json").read_text(encoding="utf-8")
        found = json.loads(text)["version"]
        if found != version:
            sys.exit(f"{name} is {found} and should be {version}")


def compiled(modules: Path) -> str:
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={modules}"]
    command = [str(modules / ".bin" / "sass"), *options, str(TOOLS / "govuk.scss")]
    # A byte order mark would come before the note; the pages say utf-8 themselves.
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return done.stdout.lstrip("\ufeff")


if __name__ == "__main__":
    main()
