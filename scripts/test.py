"""The whole suite on both dialects, with every supported Python that is found; `make test` calls it.

    python scripts/test.py [--only-this-python | --quick | --long] [PYTEST ARGUMENT …]

`--quick` runs what needs no browser, no server of its own and no minute, on PostgreSQL with this Python; `--long` runs
what `make test` leaves out, on both dialects with this Python.

The environment that runs this file has Django 5.2 on Python 3.11 or Django 6.1 on a newer one (requirements.txt says
which). Where an interpreter of the other kind is found, an environment is made for it and the suite runs there too.
What is about browsers and PostgreSQL's own refusals runs once, in the first of the runs, and some with the first Python
alone: `-m once` and `-m first` pick them (tests/conftest.py).
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIALECTS = ("postgresql", "sqlite")
OTHERS = ("python3.13", "python3.12") if sys.version_info < (3, 12) else ("python3.11",)


def find_other_python() -> str | None:
    """Give an interpreter that brings the other Django, or None. A pyenv shim may be there and not run."""
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"]
    pyenv = [
        str(path)
        for root in roots
        for name in OTHERS
        for path in root.glob(f"{name.removeprefix('python')}*/bin/python3")
    ]
    for candidate in [*(shutil.which(name) for name in OTHERS), *sorted(pyenv, reverse=True)]:
        if candidate and subprocess.run([candidate, "-c", "import venv"], capture_output=True).returncode == 0:
            return candidate
    return None


def make_other_environment() -> Path | None:
    """Give the interpreter of the other environment, made when needed; None where there is none."""
    python = find_other_python()
    if python is None:
        print(f"No {' or '.join(OTHERS)} found: the other Django is not tested here.", flush=True)
        return None
    setup = [sys.executable, "scripts/setup.py", "--dev", "--venv", ".venv-other", "--python", python]
    if subprocess.run(setup, cwd=ROOT).returncode != 0:
        raise SystemExit("The other environment could not be made; `--only-this-python` leaves it out.")
    return ROOT / ".venv-other" / "bin" / "python"


def run_suite(python: Path, dialect: str, arguments: list[str]) -> tuple[str, bool]:
    """Run pytest once; return a line of what ran and whether it passed."""
    started = time.monotonic()
    versions = subprocess.run(
        [python, "-c", "import sys, django; print(f'Python {sys.version.split()[0]}, Django {django.__version__}')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    print(f"\n=== {versions}, {dialect}", flush=True)
    environment = {**os.environ, "TEST_DIALECT": dialect}
    command = [str(python), "-m", "pytest", "-q", "-n", "3", "--dist", "loadgroup", *arguments]
    passed = subprocess.run(command, cwd=ROOT, env=environment).returncode == 0
    took = time.monotonic() - started
    return f"{'ok  ' if passed else 'FAIL'} {versions}, {dialect}: {took:.0f} s", passed


def list_runs(pythons: list[Path]) -> list[tuple[Path, str, str]]:
    """Give each combination, with which tests: what one run of several is enough for runs in the first."""
    runs = [(python, dialect) for python in pythons for dialect in DIALECTS]
    marks = ["not long", *["not long and not once"] * (len(DIALECTS) - 1)]
    marks += ["not long and not once and not first"] * (len(runs) - len(marks))
    return [(*run, mark) for run, mark in zip(runs, marks, strict=True)]


def main() -> int:
    """Run every combination, or those that are asked for; return the exit status."""
    asked = {option for option in ("--only-this-python", "--quick", "--long") if option in sys.argv}
    arguments = [argument for argument in sys.argv[1:] if argument not in asked]
    this = Path(sys.executable)
    if "--quick" in asked:
        runs = [(this, "postgresql", "not slow and not long and not browser")]
    elif "--long" in asked:
        runs = [(this, dialect, "long") for dialect in DIALECTS]
    else:
        runs = list_runs([this, *([] if asked else filter(None, [make_other_environment()]))])
    given = "-m" in arguments
    results = [run_suite(*run, [*arguments, *([] if given else ["-m", mark])]) for *run, mark in runs]
    print("\n" + "\n".join(line for line, _ in results))
    return 0 if all(passed for _, passed in results) else 1


if __name__ == "__main__":
    sys.exit(main())
