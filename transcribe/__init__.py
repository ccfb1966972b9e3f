"""From sound to a draft. Knows no disk, no database and no web."""

import os

# onnxruntime reports its use to its maker unless it is told not to before it loads: nothing leaves.
os.putenv("ORT_DISABLE_TELEMETRY", "1")
