"""Commands about accounts, as a service's process runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
REFUSED = (
    "freehold: service api can't write to auth.user, which belongs to auth_owner (service web): run this command with "
    "SERVICE=web or admin or all\n"
)


def manage(service: str, url: str, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run `manage.py` as the service; what a person types comes from `typed`, since there is no terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "SERVICE": service, "DATABASE_URL": url, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        input=typed,
        capture_output=True,
        text=True,
        start_new_session=True,
    )


def check_accounts(service: str, url: str) -> None:
    """See that the service makes a superuser, changes the password, and that both are so."""
    email = f"{service}@x.example"
    made = manage(service, url, "createsuperuser", "--noinput", "--email", email)
    changed = manage(service, url, "changepassword", email, typed="another horse 1\nanother horse 1\n")
    code = (
        "from auth_app.models import User\n"
        f"user = User.objects.get(email={email!r}); print(user.is_superuser, user.check_password('another horse 1'))"
    )
    found = manage("all", url, "shell", "--no-imports", "-c", code)

    assert (made.returncode, made.stdout) == (0, "Superuser created successfully.\n"), f"{made.stdout!r} {made.stderr}"
    assert changed.returncode == 0, changed.stderr
    assert "Password changed successfully" in changed.stdout
    assert found.stdout == "True True\n", found.stderr


def check_refused(url: str, *words: str) -> None:
    """See that `api` is refused in one line."""
    done = manage("api", url, *words)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", REFUSED)


COMMANDS = (
    ["createsuperuser", "--noinput", "--email", "api@x.example"],
    ["createsuperuser"],
    ["changepassword", "user@freehold.example"],
)
