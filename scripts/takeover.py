"""Makes the dumps that `tests/takeover` restores: `make takeover REVISION=<commit of the release before>`.

That release makes a database of each dialect, with a seed, an account that nobody can sign in to and what is theirs. It
undoes a migration and applies it again, so that the history has both ways. Roles are dumped without passwords.
"""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from freehold import embedded  # noqa: E402 - found through the path above, as is all that follows
from freehold.backends.postgresql.client import get_embedded_psql, get_embedded_variables  # noqa: E402

FOLDER = ROOT / "tests" / "takeover"
HEAD = "-- Made by scripts/takeover.py from {revision}: what that release leaves behind. Not to be edited.\n"
RANDOM = ("\\restrict", "\\unrestrict")  # lines of pg_dump that differ each time
THERE = ("CREATE ROLE postgres", "ALTER ROLE postgres")
ROWS = """
from auth_app.models import User
from items.models import Item
from master.models import Category
from profile.models import Profile
from runs.models import Run
from tenancy.models import Membership, Project, Tenant
user = User.objects.create(email="somebody@example.org", password="!")
Profile.objects.create(user=user)
Item.objects.create(user=user, category=Category.objects.first(), name="Bicycle", price=10, version=3)
tenant = Tenant.objects.create(name="Acme", slug="acme")
Membership.objects.create(tenant=tenant, user=user, role="owner")
project = Project.objects.create(tenant=tenant, name="Web", slug="web")
Run.objects.create(project=project, external_id="1", kind="import")
"""


def fill(release: Path, url: str) -> None:
    """Let the release make its database."""
    environment = {**os.environ, "DATABASE_URL": url, "ENV_FILE": os.devnull}
    for arguments in (
        ["migrate"],
        ["rollback", "--steps", "1", "--yes"],
        ["migrate"],
        ["seed", "up", "master.0001_categories"],
        ["shell", "-c", ROWS],
        ["history", "verify"],
        ["ownership", "check"],
    ):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=release, env=environment, check=True)


def dump_postgresql(path: str) -> str:
    """Give the roles, then the database, as psql takes them."""
    address = embedded.get_address(path)
    place = ["--username=postgres", f"--host={address['host']}", f"--port={address['port']}"]
    programs = Path(get_embedded_psql(path)).parent
    texts = [
        subprocess.run(
            [programs / program, *place, *options],
            env={**os.environ, **get_embedded_variables(path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for program, options in (
            ("pg_dumpall", ["--roles-only", "--no-role-passwords"]),
            ("pg_dump", ["--create", "--clean", "--if-exists", "freehold"]),
        )
    ]
    lines = "".join(texts).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith((*RANDOM, *THERE)))


def dump_sqlite(path: Path) -> str:
    """Give the file as a script."""
    with sqlite3.connect(path) as database:
        return "".join(f"{line}\n" for line in database.iterdump())


def main(revision: str) -> None:
    """Make both dumps anew."""
    with TemporaryDirectory() as temporary:
        os.chmod(temporary, 0o755)  # the server runs as another account where this is root
        release, server, file = (Path(temporary) / name for name in ("release", "server", "old.db"))
        subprocess.run(["git", "clone", "--quiet", ROOT, release], check=True)
        subprocess.run(["git", "checkout", "--quiet", revision], cwd=release, check=True)
        try:
            fill(release, f"embedded://{server}")
            dumps = {"postgresql": dump_postgresql(str(server))}
        finally:
            embedded.stop(str(server))
        fill(release, f"sqlite:///{file}")
        dumps["sqlite"] = dump_sqlite(file)
    for dialect, text in dumps.items():
        (FOLDER / f"{dialect}.sql").write_text(HEAD.format(revision=revision) + text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
