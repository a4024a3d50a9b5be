"""docs/first-hour.md works as it is written, line by line, in a copy of the project with a database of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.copies import Copy, copying_project
from tests.dialect import DIALECT

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "first-hour.md"
BLOCK = re.compile(r"^```(sh|python|html|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:# |\{# )(\S+)(?: #\})?\n")  # the first line of a file on the page: its path, as a comment
PAGES = """
from django.conf import settings
from django.test import Client
from auth_app.models import User

settings.ALLOWED_HOSTS = ["testserver"]

def sign_in(email):
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client

one, other = sign_in("user@freehold.example"), sign_in("admin@freehold.example")
print(one.post("/notes/", {"text": "a note of mine"}).status_code)
print([b"a note of mine" in each.get("/notes/").content for each in (one, other)])
print(other.get("/admin/notes/note/").content.decode().count("a note of mine"))
print(one.get("/tickets/").content.decode().strip())
"""


class Workshop(Copy):
    """A copy of the project in which the page is followed."""

    def follow(self, kind: str, text: str) -> None:
        """Do what a block of the page says."""
        if kind == "sh":
            for line in text.splitlines():
                if "pytest" not in line or ("TEST_DIALECT=sqlite" in line) == (DIALECT == "sqlite"):
                    self.run(line)  # the other run of this suite is for the other dialect
        elif kind == "diff":
            self.change(text)
        else:
            self.write(text)

    def change(self, text: str) -> None:
        """Change a file as a diff without line numbers says: what it takes away stands there once."""
        head, _, body = text.partition("\n")
        old = "".join(line[1:] + "\n" for line in body.splitlines() if line[0] != "+")
        new = "".join(line[1:] + "\n" for line in body.splitlines() if line[0] != "-")
        self.replace(head.removeprefix("--- "), old, new)

    def write(self, text: str) -> None:
        """Write a file that the page shows whole."""
        named = NAMED.match(text)
        assert named, f"the block does not begin with its path: {text.splitlines()[0]}"
        path = self.directory / named[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text[named.end() :])


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    """A copy of what git tracks, as it is in the work tree."""
    with copying_project("first-hour", Workshop) as workshop:
        yield workshop


def test_page_works_line_by_line(workshop: Workshop) -> None:
    for kind, text in BLOCK.findall(PAGE.read_text()):
        workshop.follow(kind, text)

    (workshop.directory / "pages.py").write_text(PAGES)
    seen = workshop.run('manage.py shell -v 0 -c "import pages"').splitlines()

    assert seen == ["302", "[True, False]", "1", "user@freehold.example: 0 tickets"]
    workshop.run("DJANGO_SETTINGS_MODULE=config.settings .venv/bin/python scripts/layers.py")
