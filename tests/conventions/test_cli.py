"""A mistake a person can mend costs one line and no traceback, whatever command met it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment.secret_key import WAY

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SERVICE": "shop"}, "freehold: SERVICE='shop' is not known: set it to one of web, api, admin, all"),
        ({"DEBUG": "perhaps"}, "freehold: DEBUG='perhaps' is neither yes nor no: set it to 1 or 0"),
        (
            {"DEBUG": "0", "SECRET_KEY": ""},
            f"freehold: SECRET_KEY is not set, and DEBUG is off: set it to a long random text, {WAY}",
        ),
        (
            {"DEBUG": "0", "SECRET_KEY": "x"},
            "freehold: SECRET_KEY has 1 characters, and 50 are the least: whoever guesses it signs in as anybody. "
            f"Make one by {WAY}",
        ),
        (
            {"ALLOWED_HOSTS": "http://x"},
            "freehold: ALLOWED_HOSTS has 'http://x', which is no host: write shop.example, .shop.example with all "
            "below it, or an address such as [::1], without scheme, port and path",
        ),
        (
            {"DEBUG": "0", "SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "*"},
            "freehold: ALLOWED_HOSTS='*' lets a request say any host, which then stands in links of mails: name the "
            "site's own",
        ),
        (
            {"CSRF_TRUSTED_ORIGINS": "shop.example"},
            "freehold: CSRF_TRUSTED_ORIGINS has 'shop.example', which is no origin: write https://shop.example, "
            "https://*.shop.example or https://shop.example:8443, without a path",
        ),
        ({"HSTS_SECONDS": "-1"}, "freehold: HSTS_SECONDS='-1' is no number: set it to 0, 2592000 or another"),
        (
            {"SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto: https"},
            "freehold: SECURE_PROXY_SSL_HEADER='X-Forwarded-Proto: https' is no header: name the one alone, such as "
            "X-Forwarded-Proto",
        ),
    ],
)
def test_command_wrong_setting_is_one_line(environment: dict[str, str], message: str) -> None:
    run = manage("check", **environment)

    assert (run.returncode, run.stderr.strip()) == (1, message)


def test_command_unreachable_server_is_one_line_without_the_password() -> None:
    run = manage("migrate", DATABASE_URL="postgresql://someone:hush-hush@127.0.0.1:1/freehold")

    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) == 1
    assert "127.0.0.1" in run.stderr
    assert "hush-hush" not in run.stderr + run.stdout
