"""What `runs.attack` starts: `prepare` makes the people, as superuser; `attack` runs the matrix, as service `api`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psycopg

# What a policy would be that believes a setting: the matrix must see through it.
BELIEVING = (
    "CREATE POLICY believing ON app.items TO api_rw USING (user_id::text = current_setting('freehold.user_id', true))"
)


def prepare(estate: str) -> None:
    import django

    django.setup()
    from django.db import connection

    from tests.attacks.injection.estate import prepare

    Path(estate).write_text(prepare(connection).dump())


def attack(estate: str, tally: str, only: str) -> None:
    from django.conf import settings

    from config import wsgi  # a process of the service: it looks at its login before it serves
    from tests.attacks.injection.estate import load
    from tests.attacks.injection.matrix import Matrix

    assert wsgi.application
    settings.DEBUG = False
    server = json.loads(os.environ["ATTACK_SERVER"])
    login = {**server, "user": "api_rw", "options": "-c statement_timeout=20s"}
    with psycopg.connect(**server, autocommit=True) as judge:
        if os.environ["ATTACK_BELIEVING"]:
            judge.execute(BELIEVING)
        matrix = Matrix(
            load(Path(estate).read_text()), judge, lambda: psycopg.connect(**login, autocommit=True), settings.CARRIERS
        )
        found = matrix.run(lambda line: print(line, flush=True), only, int(os.environ["ATTACK_STEP"]))
    Path(tally).write_text(json.dumps(vars(found)))


if __name__ == "__main__":
    {"prepare": prepare, "attack": attack}[sys.argv[1]](*sys.argv[2:])
