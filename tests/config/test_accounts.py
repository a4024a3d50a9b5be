"""`createsuperuser` and `changepassword` on SQLite, where no login says which service it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.accounts import COMMANDS, check_accounts, check_refused, manage

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("accounts") / "local.db"
    made = f"sqlite:///{file}"
    assert manage("all", made, "migrate", "-v", "0").returncode == 0
    return made


@pytest.mark.parametrize("service", ["web", "admin", "all"])
def test_service_that_may_write_users_makes_an_administrator(url: str, service: str) -> None:
    check_accounts(service, url)


@pytest.mark.parametrize("words", COMMANDS)
def test_service_that_may_not_write_users_is_refused_in_one_line(url: str, words: list[str]) -> None:
    check_refused(url, *words)
