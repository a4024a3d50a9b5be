"""What is used of the API's framework is what docs/adr/0016-api-framework.md lists: it is alpha."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adr" / "0016-api-framework.md").read_text()
EXCEPTIONS = {"DataParsingError", "NotAuthenticatedError", "RequestSerializationError", "ResponseSchemaError"}


def test_names_of_the_framework_are_those_of_the_page() -> None:
    listed = PAGE.split("What we use of it, and no more:")[1].split("\n\n")[0]
    used: set[str] = set()
    for path in (ROOT / "freehold").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dmr":
                used |= {each.name for each in node.names}

    assert used - EXCEPTIONS - {"ValidationError"} == set(re.findall(r"`(\w+)`", listed)) - {
        "dispatch", "handle_error", "format_error", "to_error", "handle_method_not_allowed"
    }  # fmt: skip
    assert used >= EXCEPTIONS
