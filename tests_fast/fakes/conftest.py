"""The fakes lie below tests/; appended, because that folder also holds `platform`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tests"))
