"""compose.yaml, without an engine: what it says runs, with the environments that it gives and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.ownership import OWNERSHIP
from freehold.passfile import list_entries
from tests.config.containers import NGINX, SERVICES, Machine, opening_machine, proxying, read_compose
from tests.config.processes import ROOT, Visitor

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("containers")]
PAGES = {"/": 200, "/login/": 200, "/items/": 200, "/api/v1/items": 200, "/api/v1/docs": 200, "/admin/login/": 200}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The services, up: after bootstrap and migrations in steps of their own."""
    with opening_machine(tmp_path_factory.mktemp("machine")) as machine:
        for step in ("bootstrap", "migrate"):
            machine.run_step(step)
        for name in SERVICES:
            machine.start(name)
        for name in SERVICES:
            machine.wait(name)
        yield machine


def test_each_process_can_read_the_password_of_its_own_login_alone(machine: Machine) -> None:
    found = {}
    for name in ("migrate", *SERVICES):
        (volume,) = read_compose()["services"][name]["volumes"]
        directory = machine.directory / "logins" / volume.split(":")[1].removeprefix("/logins/")
        found[name] = [entry.user for path in directory.iterdir() if path.is_file() for entry in list_entries(path)]

    assert found == {"migrate": ["migrator"], "web": ["web_rw"], "api": ["api_rw"], "admin": ["admin_rw"]}


def test_each_service_is_connected_as_its_own_login(machine: Machine) -> None:
    visitor, seen = Visitor(), {}
    for name in SERVICES:
        environment = machine.get_environment(name)
        with psycopg.connect(
            host="127.0.0.1",
            port=machine.ports["db"],
            dbname="freehold",
            user=f"{name}_rw",
            passfile=environment["PGPASSFILE"],
        ) as connection:
            seen[name] = connection.execute("SELECT session_user").fetchone()
        assert visitor.open(f"http://localhost:{machine.ports[name]}/readyz").text == "ok\n"

    assert seen == {name: (f"{name}_rw",) for name in SERVICES}


def test_steps_find_nothing_to_do_a_second_time(machine: Machine) -> None:
    assert "Nothing to do" in machine.run_step("bootstrap")
    assert "No migrations to apply" in machine.run_step("migrate")


def test_rotation_changes_the_services_passwords_and_they_go_on(machine: Machine) -> None:
    paths = [machine.directory / "logins" / f"{name}_rw" / f"{name}_rw" for name in SERVICES]
    before = [path.read_text() for path in paths]
    said = machine.run_step("bootstrap", "rotate")

    assert [line.strip() for line in said.splitlines() if "another password" in line] == [
        f"set another password of {name}_rw" for name in SERVICES
    ]
    assert all(path.read_text() != text for path, text in zip(paths, before, strict=True))
    assert all(machine.is_healthy(name) for name in SERVICES)


@pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed")
def test_proxy_leads_to_each_service_at_one_address(machine: Machine) -> None:
    with proxying(machine) as url:
        visitor = Visitor()
        answers = {page: visitor.open(url + page).status for page in PAGES}
        signed_in = visitor.sign_in(_Site(url), "nobody@shop.example")

    assert answers == PAGES
    assert "Please enter a correct" in signed_in.text


class _Site:
    def __init__(self, url: str) -> None:
        self.url = url


@pytest.mark.parametrize("name", SERVICES)
def test_service_that_is_killed_comes_back(machine: Machine, name: str) -> None:
    machine.kill(name)
    assert not machine.is_healthy(name)
    machine.start(name)
    machine.wait(name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"SECRET_KEY_FILE": "/nowhere"},
            "the file that SECRET_KEY_FILE names can't be read (no such file",
        ),
        ({"SECRET_KEY_FILE": ""}, "SECRET_KEY is not set, and DEBUG is off"),
        ({"SERVICE": "wep"}, "SERVICE='wep' is not known: set it to one of web, api, admin, all"),
    ],
)
def test_variable_that_is_missing_or_wrong_is_one_line(machine: Machine, change: dict[str, str], said: str) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**machine.get_environment("web"), **change},
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert re.fullmatch(r"freehold: .*\n", ran.stderr), ran.stderr
    assert said in ran.stderr


# --- The files by themselves -------------------------------------------------------------------------------------
def test_every_service_of_the_map_has_a_container_with_its_login_and_no_more() -> None:
    compose = read_compose()["services"]

    for service in OWNERSHIP.services:
        found = compose[service.name]
        assert found["environment"]["SERVICE"] == service.name
        assert found["environment"]["PGPASSFILE"] == f"/logins/{service.login}/{service.login}"
        assert found["volumes"] == [f"{service.name}:/logins/{service.login}:ro"]
        assert found["secrets"] == ["key"]
    assert [name for name, each in compose.items() if "postgres" in each.get("secrets", [])] == ["db", "bootstrap"]


def test_secrets_are_made_for_the_containers_account_in_a_directory_that_is_closed(tmp_path: Path) -> None:
    lines = [line.removeprefix("#").strip() for line in (ROOT / "compose.yaml").read_text().splitlines()[:8]]
    begin = next(number for number, line in enumerate(lines) if line.startswith("mkdir"))
    subprocess.run(["sh", "-euc", "umask 077; " + " ".join(lines[begin : begin + 2])], cwd=tmp_path, check=True)

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    for name in ("postgres", "key"):
        assert (tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o644
        assert len((tmp_path / "secrets" / name).read_text()) > 60


def test_no_secret_stands_in_a_file() -> None:
    for name in ("compose.yaml", "Dockerfile"):
        words = re.findall(r"^.*(?:PASSWORD|SECRET|_KEY).*$", (ROOT / name).read_text(), re.MULTILINE)
        allowed = r"(?i).*(_FILE|AUTH_METHOD|of-the-build-alone|^#| # ).*"
        assert [each for each in words if not re.match(allowed, each)] == []


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
@pytest.mark.parametrize("name", ["compose.yaml", "compose.dev.yaml"])
def test_file_is_one_of_composes(name: str) -> None:
    ran = subprocess.run(["docker-compose", "-f", name, "config", "-q"], cwd=ROOT, capture_output=True, text=True)

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("name", ["Dockerfile", "deploy/pooler/Dockerfile"])
def test_dockerfile_is_without_faults(name: str) -> None:
    hadolint = str(Path(sys.executable).with_name("hadolint"))
    ran = subprocess.run([hadolint, name], cwd=ROOT, capture_output=True, text=True)

    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_image_holds_every_package_and_nothing_of_a_developers() -> None:
    kept = [each[1:] for each in (ROOT / ".dockerignore").read_text().splitlines() if each.startswith("!")]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - set(kept) == {"benchmarks", "conformance", "freehold_lint", "tests"}
    assert {".env", "var", ".git", "secrets"}.isdisjoint(kept)
