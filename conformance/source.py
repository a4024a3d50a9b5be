"""Fetches the source distribution of the installed Django: its wheel has no tests in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

from conformance.errors import ConformanceError
from freehold.filelocks import file_lock

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "conformance"


def get_version() -> str:
    """Give the installed Django's version."""
    return version("django")


def get_tests() -> Path:
    """Give the directory of the suite, fetched at the first call and kept below `var/conformance`.

    Raises:
        ConformanceError: pip can't fetch it, or what it fetched holds no tests.
    """
    name = f"django-{get_version()}"
    tests = CACHE / name / "tests"
    CACHE.mkdir(parents=True, exist_ok=True)
    with file_lock(CACHE / "lock"):  # the tests of this package run in several processes
        if not (tests / "runtests.py").is_file():
            extract(find_archive(name) or download(name), name)
    return tests


def find_archive(name: str) -> Path | None:
    """Give the archive that an earlier call left."""
    archive = CACHE / f"{name}.tar.gz"
    return archive if archive.is_file() else None


def download(name: str) -> Path:
    """Fetch the archive with pip, from wherever pip is set up to fetch."""
    # Of Django alone: pip reads the archive's metadata, for which setuptools may well come as a wheel.
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", "django", "--dest", str(CACHE)]
    command = [sys.executable, "-m", "pip", "download", *options, f"django=={get_version()}"]
    run = subprocess.run(command, capture_output=True, text=True)
    archive = find_archive(name)
    if run.returncode or archive is None:
        said = (run.stderr.strip().splitlines() or ["nothing"])[-1]
        raise ConformanceError(
            f"pip could not fetch the source of Django {get_version()} ({said}): "
            f"put {name}.tar.gz into {CACHE} by hand, or mend pip's index and try again"
        )
    return archive


def extract(archive: Path, name: str) -> None:
    """Unpack the tests alone, whole or not at all."""
    partial = archive.with_name(f"{name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            members = [member for member in tar if member.name.startswith(f"{name}/tests/")]
            tar.extractall(partial, members, filter="data")  # refuses what would leave the directory
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ConformanceError(f"{archive} can't be unpacked ({error}): remove it and try again") from error
    if not members:
        raise ConformanceError(f"{archive} holds no tests of Django's: remove it and try again")
    shutil.rmtree(CACHE / name, ignore_errors=True)
    (partial / name).rename(CACHE / name)
    partial.rmdir()
