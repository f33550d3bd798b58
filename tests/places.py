"""Where things stand in this checkout."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
TOY = HERE / "toy"
