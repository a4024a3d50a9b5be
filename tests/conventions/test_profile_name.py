"""The feature app `profile` shares its name with a module that `cProfile` needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_cprofile_from_the_root_profiles_a_module() -> None:
    run = subprocess.run([sys.executable, "-m", "cProfile", "-m", "this"], cwd=ROOT, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert "function calls" in run.stdout


def test_profile_hands_on_the_standard_names() -> None:
    code = "import profile; print(profile.Profile.__name__, callable(profile.run), callable(profile.runctx))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert run.stdout == "Profile True True\n", run.stderr


def test_profile_unknown_name_says_so() -> None:
    code = "import profile; profile.nothing"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert run.stderr.splitlines()[-1] == "AttributeError: module 'profile' has no attribute 'nothing'"
