"""The tools for CI stand beside the engine: no service loads them, whatever it answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("freehold_lint", "pglast", "pgparse", "squawk")
ANSWER = f"""
import sys
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

application = get_wsgi_application()
answer = application.get_response(RequestFactory().get("/", headers={{"host": "localhost"}}))
print(answer.status_code, sorted(name for name in sys.modules if name.partition(".")[0] in {TOOLS!r}))
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a migrated SQLite database."""
    found = f"sqlite:///{tmp_path_factory.mktemp('beside')}/x.db"
    run([sys.executable, "manage.py", "migrate", "-v0"], DATABASE_URL=found)
    return found


def run(command: list[str], **environment: str) -> str:
    """Give what a process prints."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("service", "status"), [("web", 200), ("api", 404), ("admin", 404), ("all", 200)])
def test_service_answers_without_the_tools_for_ci(service: str, status: int, url: str) -> None:
    assert run([sys.executable, "-c", ANSWER], DATABASE_URL=url, SERVICE=service) == f"{status} []\n"
