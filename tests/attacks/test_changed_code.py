"""Code of the project that somebody changed by hand: the command that looks for drift names it, until it is adopted."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tests.attacks.test_known_holes import ALIAS, SILENCE, Connect, check_all, database, enter

pytestmark = pytest.mark.postgresql
__all__ = ["database", "enter"]


@pytest.mark.parametrize(
    ("statement", "name", "back"),
    [
        (
            "CREATE OR REPLACE FUNCTION auth.session_user(digest text) RETURNS uuid LANGUAGE sql STABLE STRICT "
            "SECURITY DEFINER SET search_path = pg_catalog, pg_temp "
            """AS $$ SELECT id FROM auth."user" WHERE is_superuser LIMIT 1 $$""",
            "D032 function auth.session_user(text)",
            "",
        ),
        (
            'ALTER TABLE auth."user" DISABLE TRIGGER user_password_ends_sessions',
            "D032 trigger auth.user.user_password_ends_sessions",
            'ALTER TABLE auth."user" ENABLE TRIGGER user_password_ends_sessions',
        ),
        (
            "CREATE RULE kept AS ON DELETE TO auth.session DO INSTEAD NOTHING",
            "D034 rule auth.session.kept",
            "DROP RULE kept ON auth.session",
        ),
        ("ALTER FUNCTION auth.user_of_session() SET role = none", "D032 function auth.user_of_session()", ""),
    ],
)
def test_changed_code_is_named_until_it_is_adopted(statement: str, name: str, back: str, enter: Connect) -> None:
    before = check_all()
    enter("postgres").execute(statement)  # type: ignore[call-overload]
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("ownership", "check", "--anew", database=ALIAS, stdout=output, stderr=StringIO())
    call_command("history", "adopt", name.split()[-1], reason="meant", database=ALIAS, verbosity=0)

    assert before == SILENCE
    assert [line[: len(name)] for line in output.getvalue().splitlines() if line.startswith("D")] == [name]
    assert check_all() == SILENCE
    if back:
        enter("postgres").execute(back)  # type: ignore[call-overload]
        call_command("history", "adopt", name.split()[-1], reason="put back", database=ALIAS, verbosity=0)
