"""What a process says to browsers with DEBUG=0, and that Django's own look at a deployment finds nothing."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config.middleware import CSP, ContentSecurityPolicyMiddleware
from tests.auth_app.factories import make_superuser

ROOT = Path(__file__).resolve().parents[2]
STRICT = (
    "default-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
OF_ADMIN = f"{STRICT}; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
PROBE = """
import django, sys
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
for path, options in (("/nowhere", {}), ("/healthz", {}), ("/nowhere", {"secure": True}),
                      ("/nowhere", {"headers": {"x-forwarded-proto": "https"}})):
    answer = client.get(path, **options)
    print(answer.status_code, answer.get("Location", "-"), answer.get("Strict-Transport-Security", "-"))
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"DEBUG": "0", "SECRET_KEY": secrets.token_urlsafe(50), "DATABASE_URL": "sqlite://:memory:"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **given, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("service", ["all", "web", "api", "admin"])
def test_look_at_a_deployment_finds_nothing(service: str) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", SERVICE=service)

    assert done.returncode == 0, done.stderr


def test_look_at_a_deployment_without_https_finds_what_that_leaves_open() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", HTTPS="0")

    assert done.returncode == 1
    assert all(each in done.stderr for each in ("security.W004", "security.W008", "security.W016"))


@pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 looks at how mail leaves")
def test_look_at_a_deployment_finds_mail_that_is_written_to_the_terminal() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", EMAIL_URL="consolemail://")

    assert done.returncode == 1
    assert "mail.E001" in done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (
            {},
            [
                "301 https://localhost/nowhere -",
                "200 - -",
                "404 - max-age=2592000",
                "301 https://localhost/nowhere -",
            ],
        ),
        (
            {"SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto", "HSTS_SECONDS": "60"},
            ["301 https://localhost/nowhere -", "200 - -", "404 - max-age=60", "404 - max-age=60"],
        ),
        ({"HTTPS": "0"}, ["404 - -", "200 - -", "404 - -", "404 - -"]),
        ({"DEBUG": "1", "SECRET_KEY": ""}, ["404 - -", "200 - -", "404 - -", "404 - -"]),
    ],
)
def test_requests_are_sent_to_https(environment: dict[str, str], expected: list[str]) -> None:
    done = run("-c", PROBE, **environment)

    assert done.stdout.splitlines() == expected, done.stderr


@pytest.mark.django_db
def test_pages_have_a_policy_without_inline_scripts_and_styles(client: Client) -> None:
    answers = {path: client.get(path) for path in ("/", "/items/", "/login/", "/nowhere", "/healthz")}

    assert {path: answer[CSP] for path, answer in answers.items()} == dict.fromkeys(answers, STRICT)


@pytest.mark.django_db
def test_pages_of_the_admin_site_alone_may_evaluate(client: Client) -> None:
    assert client.get("/admin/login/")[CSP] == OF_ADMIN
    client.force_login(make_superuser())
    answers = {path: client.get(path) for path in ("/admin/", "/admin/items/item/", "/admin/nowhere")}

    assert {path: answer[CSP] for path, answer in answers.items()} == dict.fromkeys(answers, OF_ADMIN)
    assert client.get("/")[CSP] == STRICT


@pytest.mark.parametrize(
    ("debug", "status", "sent", "expected"),
    [
        (False, 500, "", STRICT),
        (True, 200, "", STRICT),
        (True, 404, "", ""),
        (True, 500, "", ""),
        (False, 200, "default-src 'none'", "default-src 'none'"),
    ],
)
def test_policy_of_a_view_stays_and_faults_of_development_have_none(
    settings: Settings, debug: bool, status: int, sent: str, expected: str
) -> None:
    settings.DEBUG = debug
    headers = {CSP: sent} if sent else {}
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(status=status, headers=headers))

    assert middleware(RequestFactory().get("/")).headers.get(CSP, "") == expected
