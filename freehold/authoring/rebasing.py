"""Puts the migrations of one branch behind those of another: new numbers, one new dependency, the name of the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db.migrations.autodetector import MigrationAutodetector

from freehold.authoring.order import CONFLICT, NAME, Chain
from freehold.errors import MigrationError
from freehold.scripts.pairs import read_text, shorten

_REBASING = ("rebase-merge", "rebase-apply")  # git's directories while a rebase is stopped


@dataclass(frozen=True)
class Rebase:
    """What is to change: files with a new name, by their old path, and files with a new text. `names` maps the old name
    of each migration that moves to its new one, in their order."""

    chain: Chain
    names: dict[str, str]
    moves: dict[Path, Path] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)


def find_conflict(chain: Chain) -> str:
    """Give the migration of one's own that git's conflict in the file is about; empty where there is none.

    While a branch is rebased, git's first side is the branch below, and the second one's own; in a merge it is the
    other way round.
    """
    lines = chain.read_lines() or []
    if len(lines) < 4 or not lines[0].startswith(CONFLICT) or not lines[-1].startswith(">>>>>>>"):
        return ""
    return lines[-2] if is_rebasing(chain.directory) else lines[1]


def is_rebasing(directory: Path) -> bool:
    """Tell whether git is in the middle of a rebase there."""
    places = [directory.resolve(), *directory.resolve().parents]
    git = next((place / ".git" for place in places if (place / ".git").exists()), None)
    if git is None:
        return False
    if git.is_file():  # a worktree, whose directory is named in it
        git = Path(git.read_text(encoding="utf-8").partition("gitdir:")[2].strip())
    return any((git / name).exists() for name in _REBASING)


def plan_rebase(chain: Chain, name: str, others: list[Chain]) -> Rebase:
    """Give what puts the branch that ends in `name` behind the other one. `others` are the chains of all own apps,
    whose files may name the migrations that move.

    Raises:
        MigrationError: there are not two branches, `name` is not the end of one, or a file can't be edited safely.
    """
    leaves = chain.leaves
    if len(leaves) != 2:
        what = f"end in {', '.join(leaves)}" if len(leaves) > 2 else "follow one another"
        raise MigrationError(f"the migrations of app {chain.app} {what}: it takes two that end the app's migrations")
    if name not in leaves:
        what = f"{name} ends no branch of app {chain.app}" if name else f"{NAME} has no conflict that names yours"
        raise MigrationError(f"{what}: say which is to be the last, {' or '.join(leaves)}")
    (other,) = set(leaves) - {name}
    moving = _list_branch(chain, name, other)
    number = MigrationAutodetector.parse_number(other) or 0
    names = {old: f"{number + place:04}_{_get_words(old)}" for place, old in enumerate(moving, 1)}
    rebase = Rebase(chain, names)
    for old, new in names.items():
        path = chain.directory / f"{old}.py"
        if not path.is_file():
            raise MigrationError(f"{shorten(path)} is missing, so that {old} can't be moved")
        if old != new:
            rebase.moves[path] = chain.directory / f"{new}.py"
    _add_texts(rebase, moving[0], other, others)
    rebase.texts[chain.path] = f"{list(names.values())[-1]}\n"
    return rebase


def _get_words(name: str) -> str:
    """Give a migration's name without its number."""
    return name.partition("_")[2] if name[:4].isdigit() else name


def _list_branch(chain: Chain, name: str, other: str) -> list[str]:
    """Give the migrations that lead to `name` and not to `other`, the first one first.

    Raises:
        MigrationError: one of them follows two.
    """
    shared = set(_iter_before(chain, other))
    branch = [each for each in _iter_before(chain, name) if each not in shared]
    for each in branch:
        if len(chain.parents[each]) > 1:
            raise MigrationError(f"{each} of app {chain.app} follows two others: such a merge can't be moved")
    return branch[::-1]


def _iter_before(chain: Chain, name: str) -> Iterator[str]:
    """Yield a migration and all those before it, each once."""
    waiting, seen = [name], set()
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            waiting += sorted(chain.parents[each])


def _add_texts(rebase: Rebase, first: str, other: str, others: list[Chain]) -> None:
    """Add the new texts of files that name what moves: the first of the branch gets a new dependency."""
    chain = rebase.chain
    (parent,) = chain.parents[first] or {""}
    for each in others:
        for name in each.parents:
            path = each.directory / f"{name}.py"
            if not path.is_file():
                continue
            text = changed = read_text(path)
            changed = _replace_pairs(changed, chain.app, rebase.names)
            if (each.app, name) == (chain.app, first):
                before, changed = changed, _replace_pairs(changed, chain.app, {parent: other})
                if before == changed:
                    raise MigrationError(
                        f"{shorten(path)} does not say ({chain.app!r}, {parent!r}) among its dependencies: change them "
                        f"to {other} by hand, and write the last name into {NAME}"
                    )
            if changed != text:
                rebase.texts[rebase.moves.get(path, path)] = changed


def _replace_pairs(text: str, app: str, names: dict[str, str]) -> str:
    """Give the text with the new name in each pair of the app and an old one."""
    olds = "|".join(map(re.escape, names))
    pattern = rf"""(["']{re.escape(app)}["']\s*,\s*["'])({olds})(["'])"""
    return re.sub(pattern, lambda found: f"{found[1]}{names[found[2]]}{found[3]}", text)


def apply_rebase(rebase: Rebase) -> None:
    """Rename and write all of the files, or none.

    Raises:
        MigrationError: one of them can't be, or a new name is taken.
    """
    targets = {*rebase.texts, *rebase.moves.values()}
    gone = set(rebase.moves)
    if taken := sorted(path for path in rebase.moves.values() if path.exists() and path not in gone):
        raise MigrationError(f"{shorten(taken[0])} is there already: rename it first")
    before = {path: path.read_bytes() if path.exists() else None for path in targets | gone}
    contents = {new: before[old] or b"" for old, new in rebase.moves.items()}
    contents |= {path: text.encode() for path, text in rebase.texts.items()}
    try:
        for path in gone - set(contents):
            path.unlink()
        for path, content in contents.items():
            path.write_bytes(content)
    except OSError as error:
        _put_back(before)
        raise MigrationError(f"{shorten(Path(str(error.filename)))} can't be written: {error.strerror}") from error


def _put_back(before: dict[Path, bytes | None]) -> None:
    """Give the files the content that they had."""
    for path, content in before.items():
        if content is not None:
            path.write_bytes(content)
        elif path.exists():
            path.unlink()
