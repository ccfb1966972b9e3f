"""Makes recorder/export/schema/note.schema.json from the types of the JSON note.

python tools/make_note_schema.py
"""

from __future__ import annotations

import json
from pathlib import Path

from recorder.export.json_note import schema

OUT = Path(__file__).parents[1] / "recorder" / "export" / "schema" / "note.schema.json"


def main() -> None:
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(OUT)


if __name__ == "__main__":
    main()
