"""Reads the files of another git revision, beside those of the working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from freehold.errors import FreeholdError

_FILES: Final = ("100644", "100755")  # git's modes; 120000 is a link, 160000 another repository


def check_revision(root: Path, revision: str) -> None:
    """Refuse what is no revision.

    Raises:
        FreeholdError: it is none, or the project lies in no repository.
    """
    if not revision.strip() or "\0" in revision:
        raise FreeholdError("--against takes a revision of git, such as main or v1.2")
    _run(root, "rev-parse", "--show-cdup")
    try:
        _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except FreeholdError as error:
        message = f"git can't give {revision}: name a revision that is in this repository"
        raise FreeholdError(message) from error


def unpack(root: Path, revision: str, folder: str, directory: Path) -> Iterator[tuple[str, bool]]:
    """Write a folder's files of the revision below the directory; yield each name, and whether it is a file. A link is
    none: what it points at may be of no revision.

    Raises:
        FreeholdError: git can't give one.
    """
    listed = _run(root, "ls-tree", "-r", "-z", revision, "--", f"{folder}/").split(b"\0")[:-1]
    for entry in listed:
        words, _, raw = entry.partition(b"\t")
        name, is_file = os.fsdecode(raw), words[:6].decode() in _FILES
        if is_file:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_run(root, "show", f"{revision}:./{name}"))
        yield name, is_file


def _run(root: Path, *words: str) -> bytes:
    try:
        run = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)  # noqa: S607
    except FileNotFoundError as error:
        raise FreeholdError("--against needs git, and there is no such program: install it") from error
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip().splitlines() or [f"it can't {words[0]}"]
        raise FreeholdError(f"git says: {said[0].removeprefix('fatal: ')}")
    return run.stdout
