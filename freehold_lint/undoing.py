"""L070, L071 and L073: files of SQL run twice without harm, hide no error, and are undone by their way down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from freehold.findings import Finding
from freehold.lexer import ScriptError, iter_tokens
from freehold.scripts.pairs import Script
from freehold_lint.effects import Effect, Verb, list_effects
from freehold_lint.parsing import StatementError, list_block_queries
from freehold_lint.reports import find_in_file

TITLES = {
    "L070": "SQL in a file does not run twice",
    "L071": "A DO block hides every error",
    "L073": "The way down leaves something behind",
}
_HINTS: Final = {  # what makes a second run harmless
    "table": "Write CREATE TABLE IF NOT EXISTS, or DROP TABLE IF EXISTS.",
    "index": "Give it a name and write CREATE INDEX IF NOT EXISTS, or DROP INDEX IF EXISTS.",
    "column": "Write ADD COLUMN IF NOT EXISTS, or DROP COLUMN IF EXISTS.",
    "view": "Write CREATE OR REPLACE VIEW, or DROP VIEW IF EXISTS.",
    "function": "Write CREATE OR REPLACE FUNCTION, or DROP FUNCTION IF EXISTS.",
    "trigger": "Write CREATE OR REPLACE TRIGGER, or DROP TRIGGER IF EXISTS.",
    "rows of": "Write INSERT … ON CONFLICT DO NOTHING, or select WHERE NOT EXISTS.",
    "value": "Write ADD VALUE IF NOT EXISTS.",
}
_OTHERS: Final = {
    "make": "Write DROP … IF EXISTS of the same before it, or IF NOT EXISTS where PostgreSQL has it.",
    "drop": "Write IF EXISTS.",
    "rename": "Put it into a DO block that asks the catalogue IF it is to be done.",
}
# What takes each back: any of these verbs, about the same thing.
_UNDOING: Final[dict[Verb, tuple[Verb, ...]]] = {
    "make": ("drop", "make", "rename"),
    "drop": ("make", "rename"),
    "alter": ("alter", "drop", "make"),
    "rename": ("rename",),
    "insert": ("delete", "update"),
    "update": ("update", "delete", "insert"),
    "delete": ("insert",),
}
_DONE: Final[dict[Verb, str]] = {
    "make": "is made",
    "drop": "is dropped",
    "alter": "is altered",
    "rename": "is renamed",
    "insert": "are inserted",
    "update": "are updated",
    "delete": "are deleted",
}


@dataclass(frozen=True)
class _Deed:
    """An effect, and the line of the file (from 1) that its statement begins in."""

    effect: Effect
    line: int


def _list_deeds(script: Script) -> list[_Deed]:
    """Give what a file does, in order; a statement that is no SQL is L040's to report.

    Raises:
        MissingExtraError: there is no parser.
    """
    deeds = []
    for statement in script.statements:
        try:
            deeds += [_Deed(effect, statement.line) for effect in list_effects(statement.text)]
        except StatementError:
            continue
    return deeds


# --- Twice -----------------------------------------------------------------------------------------------------------
def iter_repeat_findings(script: Script) -> Iterator[Finding]:
    """Yield L070 and L071 for a file."""
    dropped: set[str] = set()
    for deed in _list_deeds(script):
        effect = deed.effect
        if effect.verb == "block":
            yield from _iter_block_findings(script, deed)
        elif effect.verb == "drop" and not effect.repeats:
            dropped.add(effect.label)
        elif effect.repeats and not (effect.verb == "make" and _is_gone(effect, dropped)):
            hint = _HINTS.get(effect.kind) or _OTHERS[effect.verb]
            yield find_in_file(
                "L070", effect.label, f"{_tell(effect)}, and not a second time.", hint, script.path, deed.line
            )


def _is_gone(effect: Effect, dropped: Collection[str]) -> bool:
    """Tell whether what is made was dropped before in the same file, if it was there; or its table was."""
    return effect.label in dropped or f"table {effect.parent}" in dropped


def _iter_block_findings(script: Script, deed: _Deed) -> Iterator[Finding]:
    words = _list_words(deed.effect.name)
    if _hides_errors(words):
        message = "WHEN OTHERS takes every error for the one that is expected, and goes on."
        hint = "Name the condition, such as duplicate_object, or RAISE it again."
        yield find_in_file("L071", "DO", message, hint, script.path, deed.line)
    if not {"IF", "EXCEPTION"} & set(words):
        for effect in _iter_inner(deed.effect.name):
            if effect.repeats:
                hint = "Ask IF it is to be done, or catch the EXCEPTION that says it was."
                message = f"{_tell(effect)} in a DO block, and not a second time."
                yield find_in_file("L070", effect.label, message, hint, script.path, deed.line)


def _list_words(body: str) -> list[str]:
    try:
        return [token.text.upper() for token in iter_tokens(body) if token.kind == "word" or token.text == ";"]
    except ScriptError:
        return []


def _hides_errors(words: list[str]) -> bool:
    """Tell whether a handler catches whatever goes wrong and does not raise it again."""
    for place in range(len(words) - 1):
        if words[place : place + 2] == ["WHEN", "OTHERS"]:
            rest = words[place + 2 :]
            if not any(rest[index : index + 2] == ["RAISE", ";"] for index in range(len(rest))):
                return True
    return False


def _iter_inner(body: str) -> Iterator[Effect]:
    for query in list_block_queries(body):
        try:
            yield from list_effects(query)
        except StatementError:
            continue


def _tell(effect: Effect) -> str:
    return f"{effect.label or effect.kind} {_DONE[effect.verb]}"


# --- Back ------------------------------------------------------------------------------------------------------------
def iter_undo_findings(up: Script, down: Script) -> Iterator[Finding]:
    """Yield L073 for what the way up does and the way down does not take back, as far as it can be seen."""
    back = [deed.effect for deed in _list_deeds(down)]
    if down.reason or any(effect.verb == "block" for effect in back):
        return  # someone says that there is nothing, or does it where it can't be seen
    for deed in _list_lasting(_list_deeds(up)):
        if not _is_undone(deed.effect, back):
            message = f"{_tell(deed.effect)}, and {down.path.name} does not take that back."
            hint = "Undo it there; where it can't be, say why by a line `-- nothing to undo: REASON`."
            yield find_in_file("L073", deed.effect.label, message, hint, up.path, deed.line)


def _list_lasting(deeds: list[_Deed]) -> list[_Deed]:
    """Give what is left of a file's deeds: what is dropped to be made anew is not dropped, and what is done to what the
    same file makes goes with it. A block is left out."""
    made = {deed.effect.label for deed in deeds if deed.effect.verb == "make"}
    names = {deed.effect.name for deed in deeds if deed.effect.verb == "make" and deed.effect.kind == "table"}
    return [
        deed
        for deed in deeds
        if deed.effect.verb != "block"
        and not (deed.effect.verb == "drop" and deed.effect.label in made)
        and deed.effect.parent not in names
        and not (deed.effect.kind == "rows of" and deed.effect.name in names)
    ]


def _is_undone(effect: Effect, back: Iterable[Effect]) -> bool:
    """Tell whether one of the effects of the way down takes it back, or takes away what it lies in."""
    for each in back:
        if each.verb in _UNDOING[effect.verb] and (each.label == effect.label or effect.verb == "rename"):
            return True
        if effect.verb != "drop" and each.verb == "drop" and each.name in (effect.parent, effect.name):
            return True
        if each.verb == "make" and effect.verb == "drop" and each.name == effect.parent:
            return True
        if each.kind == "schema" and each.verb == "drop" and effect.name.startswith(f"{each.name}."):
            return True
    return not effect.name  # an index that the server names: L070 has it
