"""Writes docstrings."""

from __future__ import annotations

import textwrap
from typing import Final

_WIDTH: Final = 120


def wrap_docstring(text: str, indent: str) -> list[str]:
    """Give a docstring's lines."""
    words = text.replace("\\", "\\\\").replace('"""', "'''").strip()
    whole = words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", '"')) else ".")
    lines = textwrap.wrap(whole, _WIDTH - len(indent) - 6, break_long_words=False) or [""]
    if len(lines) == 1 and not whole.endswith('"'):
        return [f'{indent}"""{lines[0]}"""']
    return [f'{indent}"""{lines[0]}', *(f"{indent}{line}" for line in lines[1:]), f'{indent}"""']
