"""The package stands in for the standard library's module of the same name, and leads to it."""

import pstats
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_cprofile_from_the_root_writes_a_profile(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("sorted(range(10))\n")

    run = subprocess.run(
        [sys.executable, "-m", "cProfile", "-o", str(tmp_path / "out"), str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert pstats.Stats(str(tmp_path / "out")).total_calls > 0


def test_cprofile_beside_the_models_profiles_the_projects_code() -> None:
    code = "import cProfile, django; django.setup(); from profile.models import Profile; cProfile.run('Profile()')"

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert "function calls" in run.stdout
