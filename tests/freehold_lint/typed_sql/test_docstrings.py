"""Docstrings of a purpose as it is written."""

from __future__ import annotations

import ast

from freehold_lint.typed_sql.docstrings import wrap_docstring


def test_purpose_that_ends_in_a_quote_is_a_docstring() -> None:
    lines = ["def show():", *wrap_docstring('items called "new"', "    ")]

    said = ast.get_docstring(ast.parse("\n".join(lines)).body[0])  # type: ignore[arg-type]
    assert (said or "").rstrip() == 'Items called "new"'
