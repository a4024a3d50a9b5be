"""What the database says when it refuses to write, in words for a page: those of the constraint, where it has some."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, InternalError, ProgrammingError, models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from freehold.errors import PolicyError, ServiceError

# Errors among which are refusals; `describe_refusal` tells which.
REFUSALS = (IntegrityError, DataError, ProgrammingError, InternalError, PolicyError, ServiceError, ValidationError)

# SQLSTATEs (manual, appendix A), and what SQLite says instead.
NOT_NULL, FOREIGN_KEY, UNIQUE = "23502", "23503", "23505"
_FORBIDDEN = "42501"  # insufficient_privilege, which a policy's refusal is too
_RAISED = "P0001"  # by a function of the database's own, in the words of who wrote it
_PLACE = re.compile(r"\A[a-z_]+\.[a-z_]+: ")  # before the words of some triggers, for whoever reads them in a log
_REFUSING_CLASSES = ("22", "23")  # data exception, integrity constraint violation
_SQLITE_WORDS = re.compile(r"(NOT NULL|FOREIGN KEY|UNIQUE|CHECK) constraint failed(?:: (.*))?")
_SQLITE_STATES = {"NOT NULL": NOT_NULL, "FOREIGN KEY": FOREIGN_KEY, "UNIQUE": UNIQUE, "CHECK": "23514"}
_DANGLING = "invalid foreign key"  # what Django says on SQLite


class _Refusal:
    """An error of the database, taken apart alike for both dialects."""

    def __init__(self, error: Exception) -> None:
        diag: Any = getattr(error.__cause__, "diag", None)
        self.state: str = getattr(error.__cause__, "sqlstate", None) or ""
        self.text = str(error).partition("\n")[0]
        self.constraint = self.column = ""
        self.columns: set[str] = set()  # with their tables; SQLite names no constraint where it is over plain columns
        if diag:
            self.text = diag.message_primary or self.text
            self.constraint, self.column = diag.constraint_name or "", diag.column_name or ""
        elif isinstance(error, IntegrityError):
            self._read_sqlite()

    def _read_sqlite(self) -> None:
        found = _SQLITE_WORDS.fullmatch(self.text)
        if not found:
            self.state = FOREIGN_KEY if _DANGLING in self.text else _RAISED
            return
        self.state, rest = _SQLITE_STATES[found[1]], found[2] or ""
        if found[1] == "CHECK" or rest.startswith("index "):
            self.constraint = rest.removeprefix("index ").strip("'")
        else:
            self.columns, self.column = set(rest.split(", ")), rest.rpartition(".")[2]


def describe_refusal(error: Exception) -> str | None:
    """Give one line that says why nothing was written, or None where the error is no refusal but a fault."""
    if isinstance(error, ValidationError):
        return str(error.messages[0])
    if isinstance(error, (PolicyError, ServiceError)):
        return capfirst(str(error))
    refusal = _Refusal(error)
    if refusal.state in (_FORBIDDEN, _RAISED):
        return capfirst(_PLACE.sub("", refusal.text))
    return _describe_broken(refusal) if refusal.state.startswith(_REFUSING_CLASSES) else None


def is_referred_to(error: Exception) -> bool:
    """Tell whether a foreign key is what was broken."""
    return isinstance(error, IntegrityError) and _Refusal(error).state == FOREIGN_KEY


def _describe_broken(refusal: _Refusal) -> str:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == refusal.constraint or _is_over(model, constraint, refusal.columns):
                return str(constraint.get_violation_error_message())
    words = {
        FOREIGN_KEY: _("what it refers to is not there, or something else refers to it."),
        NOT_NULL: _("%(name)s can't be empty.") % {"name": refusal.column},
        UNIQUE: _("another row has these values already."),
    }
    return words.get(refusal.state) or _("a rule of the database is broken: %(rule)s.") % {
        "rule": refusal.constraint or refusal.text
    }


def _is_over(model: type[models.Model], constraint: models.BaseConstraint, columns: set[str]) -> bool:
    if not columns or not isinstance(constraint, models.UniqueConstraint) or not constraint.fields:
        return False
    fields = [field for field in model._meta.concrete_fields if field.name in constraint.fields]
    return {f"{model._meta.db_table}.{field.column}" for field in fields} == columns
