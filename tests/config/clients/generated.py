"""A Python client made of the OpenAPI document that a running server gives, and calls by it that are written down."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api-v1.md").read_text().split("\n## Clients\n")[1]
ADDRESS = "http://127.0.0.1:8000/api/v1/openapi.json"
PACKAGE = "freehold_client"
NO_HOOKS = {"post_hooks": []}  # no linter runs over what is thrown away


def read_command(program: str) -> list[str]:
    """Give the words of the page's command by that program, behind its name, about the document in `openapi.json`."""
    (line,) = re.findall(rf"^(?:npx )?{program} (.*)$", PAGE, re.MULTILINE)
    return shlex.split(line.replace(f"--url {ADDRESS}", "--path openapi.json").replace(ADDRESS, "openapi.json"))


def read_settings() -> Any:
    """Give what the page says of the generator's settings."""
    return json.loads(PAGE.split("```json\n")[1].split("```")[0])


def fetch_document(site: str) -> Any:
    """Give the document of a site that runs."""
    with urlopen(f"{site}/api/v1/openapi.json", timeout=30) as answer:
        return json.load(answer)


def generate(document: Any, directory: Path) -> str:
    """Write the client into a directory; give what the generator says, which ends the test where it is a warning."""
    (directory / "openapi.json").write_text(json.dumps(document))
    (directory / "settings.json").write_text(json.dumps(read_settings() | NO_HOOKS))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", *read_command("openapi-python-client")),
            *("--meta", "none", "--output-path", PACKAGE, "--fail-on-warning"),
        ],
        cwd=directory,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def load(directory: Path) -> ModuleType:
    """Import the client that was written there."""
    sys.path.insert(0, str(directory))
    try:
        importlib.import_module(f"{PACKAGE}.models")
        return importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(directory))


def list_operations(document: Any) -> dict[str, set[str]]:
    """Give the names of the operations by their tag."""
    found: dict[str, set[str]] = {}
    for path in document["paths"].values():
        for each in path.values():
            if isinstance(each, dict):
                found.setdefault(each["tags"][0], set()).add(each["operationId"])
    return found


@dataclass
class Caller:
    """Somebody who asks by the generated client. `called` are the operations that answered well so far; `guest` is
    another one, whom they may invite, and `read_letters` gives what was sent to people."""

    client: Any
    called: set[str] = field(default_factory=set)
    guest: Any = None
    read_letters: Callable[[], str] = str

    @property
    def models(self) -> Any:
        """The classes of what is sent and given."""
        return sys.modules[f"{PACKAGE}.models"]

    def call(self, tag: str, name: str, *, gives: int = 200, **given: Any) -> Any:
        """Call an operation; give its answer with `parsed` and `headers`. Another status ends the test."""
        operation = importlib.import_module(f"{PACKAGE}.api.{tag}.{name}")
        answer = operation.sync_detailed(client=self.client, **given)
        assert answer.status_code == gives, (name, answer.status_code, answer.content)
        self.note(name, gives)
        return answer

    def note(self, name: str, status: int) -> None:
        """Write down that an operation was done."""
        self.called |= {name} if status < 400 else set()
