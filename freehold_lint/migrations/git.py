"""What a branch changed since it left another: asked of git, about the files as they lie there now."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from freehold.findings import LookError


@dataclass(frozen=True)
class Base:
    """The commit that two branches have in common, the checkout it is of, and the files that differ from it.

    `changes` has a letter for each file: A where the base does not have it, M where it has it otherwise, D where it is
    gone.
    """

    revision: str
    commit: str
    top: Path
    changes: dict[Path, str]

    def get_change(self, path: Path) -> str:
        """Give the letter of a file; '' where nothing changed."""
        return self.changes.get(path.resolve(), "")

    def read(self, path: Path) -> str | None:
        """Give the text of a file as the base has it, or None where it has none."""
        resolved = path.resolve()
        if not resolved.is_relative_to(self.top):
            return None
        name = resolved.relative_to(self.top).as_posix()
        found = _run(self.top, "show", f"{self.commit}:{name}")
        return found.stdout if found.returncode == 0 else None


def open_base(revision: str, directory: Path) -> Base:
    """Give what changed in the checkout that a directory lies in, since its history left that revision's.

    Raises:
        LookError: there is no git, no checkout, no such revision, or nothing in common with it.
    """
    top = Path(_ask(directory, f"{directory} is no checkout of git", "rev-parse", "--show-toplevel").strip()).resolve()
    commit = _find_common(revision, top)
    changed = _ask(top, "git can't compare", "diff", "--name-status", "--no-renames", "-z", commit, "--")
    added = _ask(top, "git can't list files", "ls-files", "--others", "--exclude-standard", "-z")
    words = changed.split("\0")[:-1]
    changes = {(top / name): letter[0] for letter, name in zip(words[::2], words[1::2], strict=True)}
    changes |= {top / name: "A" for name in added.split("\0")[:-1]}
    return Base(revision, commit, top, changes)


def _find_common(revision: str, top: Path) -> str:
    missing = f"there is no commit {revision!r} here: fetch it, or name another one"
    if revision.startswith("-"):
        raise LookError(missing)
    commit = _ask(top, missing, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    alone = (
        f"HEAD and {revision!r} have no commit in common here: a shallow clone has too few, so fetch more (git fetch "
        f"--unshallow)"
    )
    return _ask(top, alone, "merge-base", "HEAD", commit).strip()


def _ask(directory: Path, otherwise: str, *arguments: str) -> str:
    """Give what git prints; where it fails, `otherwise` is the message."""
    found = _run(directory, *arguments)
    if found.returncode:
        raise LookError(otherwise)
    return found.stdout


def _run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-c", "core.quotepath=off", *arguments]
    try:
        return subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError as error:
        raise LookError("git is not installed, which --base asks what changed") from error
