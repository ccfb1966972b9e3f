"""Makes recorder/export/schema/*.schema.json from the types of what stands in a pack.

python -m tools.make_schemas
"""

from __future__ import annotations

import json
from pathlib import Path

from recorder.export.schemas import NAMES, schema

OUT = Path(__file__).parents[1] / "recorder" / "export" / "schema"


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for name in NAMES:
        path = OUT / f"{name}.schema.json"
        made = json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
        path.write_text(made, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
