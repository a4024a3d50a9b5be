"""A process for each service, and one that is all of them: browsed over HTTP, and seen from PostgreSQL.

The search_path of every login is empty in the database they use: whatever runs here names its schemas itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from config.ownership import OWNERSHIP
from tests.config.accounts import COMMANDS, check_accounts, check_refused, manage
from tests.config.processes import PRODUCTION, SERVE, Site, Visitor, find_port, make_url, run, serving
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]

SERVICES = ("web", "api", "admin")
USER, STAFF = "user@freehold.example", "admin@freehold.example"


@pytest.fixture(scope="module")
def database(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database in which no login has a search_path; give its name."""
    name = f"{seeded_database}_processes"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        for login in OWNERSHIP.iter_logins():
            execute_as_superuser(f"ALTER ROLE {login} IN DATABASE {name} SET search_path = ''")
    yield name
    with django_db_blocker.unblock():
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processes")


@pytest.fixture(scope="module")
def sites(database: str, directory: Path) -> Iterator[dict[str, Site]]:
    """A process for each service."""
    with ExitStack() as stack:
        yield {
            service: stack.enter_context(
                serving(directory, service, make_url(database, application_name=f"probe_{service}"))
            )
            for service in SERVICES
        }


@pytest.fixture(scope="module")
def combined(database: str, directory: Path) -> Iterator[Site]:
    """One process that is every service."""
    with serving(directory, "all", make_url(database, application_name="probe_all")) as site:
        yield site


def list_connected(database: str, application: str) -> set[str]:
    """Give the logins of an application's connections, as the server has them."""
    with psycopg.connect(**{**get_server(), "dbname": "postgres"}) as root:
        statement = "SELECT usename FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
        return {login for (login,) in root.execute(statement, [database, application]).fetchall()}


# --- A process for each service ----------------------------------------------------------------------------------
def test_each_process_is_its_services_login_and_no_other(sites: dict[str, Site], database: str) -> None:
    visitor = Visitor()
    found = {service: visitor.probe(sites[service]) for service in SERVICES}

    assert {service: (each["connected"], each["role"]) for service, each in found.items()} == {
        "web": ("web_rw", "web_rw"),
        "api": ("api_rw", "api_rw"),
        "admin": ("admin_rw", "admin_rw"),
    }
    assert {each["search_path"] for each in found.values()} == {'""'}
    for service in SERVICES:
        assert list_connected(database, f"probe_{service}") == {f"{service}_rw"}


PAGES = {
    "web": ["/", "/login/", "/probe/web/"],
    "api": [
        "/items/",
        "/items/?q=a",
        "/items/places/",
        "/probe/api/",
        "/api/v1/items",
        "/api/v1/categories",
        "/api/v1/docs",
    ],
    "admin": ["/admin/login/", "/probe/admin/"],
}


@pytest.mark.parametrize("service", SERVICES)
def test_process_answers_its_own_pages_and_404_for_the_others(sites: dict[str, Site], service: str) -> None:
    visitor = Visitor()
    answers = {page: visitor.open(sites[service].url + page).status for pages in PAGES.values() for page in pages}

    assert answers == {page: 200 if owner == service else 404 for owner, pages in PAGES.items() for page in pages}


@pytest.mark.parametrize("service", SERVICES)
def test_health_is_every_processs_own(sites: dict[str, Site], service: str) -> None:
    assert Visitor().open(f"{sites[service].url}/healthz").text == "ok\n"
    assert Visitor().open(f"{sites[service].url}/readyz").text == "ok\n"


def test_session_of_web_is_known_to_api_by_the_users_name(sites: dict[str, Site]) -> None:
    visitor = Visitor()
    stranger = visitor.open(f"{sites['api'].url}/items/")
    signed_in = visitor.sign_in(sites["web"], USER)
    known = visitor.open(f"{sites['api'].url}/items/")
    probed = visitor.probe(sites["api"])

    assert "Sign in" in stranger.text
    assert signed_in.status == 200
    assert "Sign out" in signed_in.text
    assert "Sign out" in known.text
    assert f'title="{USER}"' in known.text
    assert (probed["principal"], len(probed["user_id"])) == ("user", 36)


def test_session_of_web_is_known_to_the_api_and_its_key_alone(sites: dict[str, Site]) -> None:
    visitor = Visitor()
    before = visitor.open(f"{sites['api'].url}/api/v1/me")
    visitor.sign_in(sites["web"], USER)
    after = visitor.open(f"{sites['api'].url}/api/v1/me")
    favorites = visitor.open(f"{sites['api'].url}/api/v1/favorites")

    assert (before.status, json.loads(before.text)["title"]) == (401, "Unauthorized")
    assert (after.status, json.loads(after.text)["email"]) == (200, USER)
    assert favorites.status == 200


def test_names_of_other_services_pages_are_links_in_an_apis_page(sites: dict[str, Site]) -> None:
    visitor = Visitor()
    visitor.sign_in(sites["web"], STAFF)
    page = visitor.open(f"{sites['api'].url}/items/").text

    assert '<a class="brand" href="/">' in page
    assert '<a href="/admin/">Admin</a>' in page


def test_sign_out_at_web_ends_it_for_api(sites: dict[str, Site]) -> None:
    visitor = Visitor()
    visitor.sign_in(sites["web"], USER)
    token = next(cookie.value for cookie in visitor.cookies if cookie.name == "csrftoken")
    visitor.open(f"{sites['web'].url}/logout/", csrfmiddlewaretoken=token or "")

    assert "Sign in" in visitor.open(f"{sites['api'].url}/items/").text


def test_admin_site_knows_the_session_and_has_a_door_of_its_own(sites: dict[str, Site]) -> None:
    through_web, at_the_door = Visitor(), Visitor()
    through_web.sign_in(sites["web"], STAFF)
    at_the_door.sign_in(sites["admin"], STAFF, "/admin/login/?next=/admin/")

    for visitor in (through_web, at_the_door):
        assert visitor.open(f"{sites['admin'].url}/admin/auth_app/user/").status == 200
        assert visitor.open(f"{sites['admin'].url}/admin/items/item/").status == 200


@pytest.mark.parametrize("statement", ["SELECT 1 FROM auth.session", 'SELECT password FROM auth."user"'])
def test_api_may_read_neither_sessions_nor_hashes(sites: dict[str, Site], database: str, statement: str) -> None:
    api = {**get_server(), "dbname": database, "user": "api_rw"}
    with psycopg.connect(**api) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("service", [*SERVICES, "all"])
def test_session_middleware_is_where_sessions_may_be_written(database: str, service: str) -> None:
    code = "from config.settings import MIDDLEWARE; print(any('Session' in each for each in MIDDLEWARE))"
    installed = run(["-c", code], service, make_url(database))
    checked = run(["manage.py", "check", "--database", "default"], service, make_url(database))

    assert installed.stdout.strip() == str(service != "api")
    assert (checked.returncode, "no issues" in checked.stdout) == (0, True)


# --- All in one --------------------------------------------------------------------------------------------------
def test_combined_process_becomes_each_service_by_request(combined: Site, database: str) -> None:
    visitor = Visitor()
    found = {service: visitor.probe(combined, f"/probe/{service}/") for service in SERVICES}

    assert {service: each["role"] for service, each in found.items()} == {
        "web": "web_rw",
        "api": "api_rw",
        "admin": "admin_rw",
    }
    assert {(each["connected"], each["login"], each["search_path"]) for each in found.values()} == {
        ("all_rw", "all_rw", '""')
    }
    assert list_connected(database, "probe_all") == {"all_rw"}


def test_combined_process_serves_every_page_and_signs_in_everywhere(combined: Site) -> None:
    visitor = Visitor()
    visitor.sign_in(combined, STAFF)
    pages = [page for pages in PAGES.values() for page in pages if "login" not in page]

    assert {page: visitor.open(combined.url + page).status for page in [*pages, "/admin/"]} == dict.fromkeys(
        [*pages, "/admin/"], 200
    )
    assert f'title="{STAFF}"' in visitor.open(f"{combined.url}/items/").text
    assert visitor.probe(combined, "/probe/api/")["principal"] == "user"


# --- Commands --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "command", ["check --database default", "migrate", "migrate --check", "showmigrations", "seed status", "seed up"]
)
def test_command_needs_no_search_path(database: str, command: str) -> None:
    ended = run(["manage.py", *command.split()], "all", make_url(database))

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("service", ["admin", "all"])
def test_service_that_may_hand_out_powers_makes_an_administrator(database: str, service: str) -> None:
    check_accounts(service, make_url(database))


def test_service_that_writes_users_makes_no_administrator(database: str) -> None:
    done = manage("web", make_url(database), "createsuperuser", "--noinput", "--email", "web@x.example")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1:] == [
        "freehold: web_rw may not hand out powers: insert refused on is_staff and is_superuser of auth.user. Do it in "
        "the admin site; who may, says the contract for auth.hand_out_powers() in the ownership map."
    ]


@pytest.mark.parametrize("words", COMMANDS)
def test_service_that_may_not_write_users_is_refused_in_one_line(database: str, words: list[str]) -> None:
    check_refused(make_url(database), *words)


# --- At start ----------------------------------------------------------------------------------------------------
REFUSAL = "is not {0}, which SERVICE={1} connects as: take the user out of DATABASE_URL, or put {0} there"
ROOT = "login postgres (which is SUPERUSER BYPASSRLS CREATEROLE CREATEDB REPLICATION)"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("server", ["granian", "runserver", "runserver --noreload"])
def test_service_as_superuser_ends_with_one_line(database: str, service: str, server: str) -> None:
    name, *options = server.split()
    port = str(find_port())
    command = ["-m", *SERVE, "--port", port, "config.wsgi:application"]
    if name == "runserver":
        command = ["manage.py", name, *options, port]
    ended = run(command, service, make_url(database, "postgres"))
    lines = [line for line in ended.stdout.splitlines() if "worker" not in line and not line.startswith("Database: ")]

    assert ended.returncode == 1
    assert lines == [f"freehold: SERVICE={service} may not run: {ROOT} {REFUSAL.format(f'{service}_rw', service)}"]


def test_quickstart_as_superuser_without_debug_ends_with_one_line(database: str) -> None:
    url = make_url(database, "postgres")
    ended = run(["manage.py", "quickstart"], "all", url, **PRODUCTION)

    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-1] == (
        f"freehold: SERVICE=all may not run: {ROOT} {REFUSAL.format('all_rw', 'all')}"
    )
    assert "Traceback" not in ended.stdout


def test_all_services_as_superuser_in_debug_run_and_say_so(database: str, directory: Path) -> None:
    with serving(directory, "all", make_url(database, "postgres"), DEBUG="1") as site:
        probed = Visitor().probe(site, "/probe/api/")

    assert (probed["login"], probed["role"]) == ("postgres", "api_rw")
    assert f"{ROOT} {REFUSAL.format('all_rw', 'all')}; it runs all the same, since DEBUG is on" in site.said


def test_service_without_policies_ends_with_one_line(database: str, directory: Path) -> None:
    execute_as_superuser("ALTER TABLE app.profiles DISABLE ROW LEVEL SECURITY", database)
    try:
        port = str(find_port())
        ended = run(["-m", *SERVE, "--port", port, "config.wsgi:application"], "api", make_url(database))
    finally:
        execute_as_superuser("ALTER TABLE app.profiles ENABLE ROW LEVEL SECURITY", database)

    assert ended.returncode == 1
    assert ended.stdout.splitlines()[0] == (
        "freehold: SERVICE=api may not run: login api_rw may use app.profiles, whose policies do not hold it: "
        "`manage.py ownership apply` puts row-level security and policies back"
    )


def test_site_without_a_database_starts_and_refuses_a_bad_login_later(database: str, directory: Path) -> None:
    name = f"{database}_late"
    visitor = Visitor()
    with serving(directory, "web", make_url(name), **PRODUCTION, HTTPS="0") as site:
        away = visitor.open(f"{site.url}/")
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {database.removesuffix('_processes')}")
        try:
            execute_as_superuser("GRANT SELECT ON app.profiles TO web_rw", name)
            refused = [visitor.open(site.url + page).status for page in ("/", "/readyz", "/probe/web/")]
            execute_as_superuser("REVOKE SELECT ON app.profiles FROM web_rw", name)
            mended = [visitor.open(site.url + page).status for page in ("/", "/readyz", "/probe/web/")]
        finally:
            execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")

    assert away.status == 503
    assert "The database does not answer" in away.text
    assert (refused, mended) == ([503] * 3, [200] * 3)
    assert "SERVICE=web may not run: login web_rw holds SELECT on app.profiles" in site.said


def test_site_of_an_empty_database_starts_and_says_which_commands_to_run(database: str, directory: Path) -> None:
    name = f"{database}_empty"
    execute_as_superuser(f"CREATE DATABASE {name}")
    try:
        with serving(directory, "web", make_url(name)) as site:
            page = Visitor().open(f"{site.url}/")
    finally:
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")

    assert page.status == 503
    assert "python manage.py migrate" in page.text
