"""Who may make others staff or superuser, and change who is in which group: as each service's own login."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import ProgrammingError, transaction
from psycopg import errors

from auth_app.models import User
from freehold.services import acting_as
from tests.attacks.conftest import connect_seeded
from tests.auth_app.factories import make_user

__all__ = ["connect_seeded"]

pytestmark = pytest.mark.postgresql
Connect = Callable[[str], psycopg.Connection]

USER = """(SELECT id FROM auth."user" WHERE email = 'user@freehold.example')"""
GROUP = "(SELECT min(id) FROM auth.auth_group)"
STATEMENTS = [
    'UPDATE auth."user" SET is_superuser = true WHERE NOT is_superuser',
    'UPDATE auth."user" SET is_staff = NOT is_staff, display_name = display_name',
    'UPDATE auth."user" SET is_superuser = false WHERE is_superuser',
    """INSERT INTO auth."user" (email, password, is_superuser) VALUES ('x@example.org', '!', true)""",
    """INSERT INTO auth."user" (email, password, is_superuser, is_staff) VALUES ('x@example.org', '!', false, true)""",
    """INSERT INTO auth."user" (email, password, is_superuser) VALUES ('user@freehold.example', '!', false)
        ON CONFLICT (email) DO UPDATE SET is_superuser = true""",
    f"""MERGE INTO auth."user" u USING (SELECT {USER} AS id) s ON u.id = s.id
        WHEN MATCHED THEN UPDATE SET is_staff = true""",
    f"INSERT INTO auth.user_groups (user_id, group_id) VALUES ({USER}, {GROUP})",
    f"UPDATE auth.user_groups SET user_id = {USER}",
    f"""INSERT INTO auth.user_user_permissions (user_id, permission_id)
        SELECT {USER}, min(id) FROM auth.auth_permission""",
    "DELETE FROM auth.user_groups",
    "INSERT INTO auth.auth_group (name) VALUES ('x')",
    "UPDATE auth.auth_group SET name = name || 'x'",
    f"""INSERT INTO auth.auth_group_permissions (group_id, permission_id)
        SELECT {GROUP}, id FROM auth.auth_permission p WHERE NOT EXISTS (
            SELECT FROM auth.auth_group_permissions h WHERE h.permission_id = p.id AND h.group_id = {GROUP}
        ) LIMIT 1""",
    "DELETE FROM auth.auth_group_permissions",
    "UPDATE auth.auth_permission SET codename = 'delete_user' WHERE codename = 'x' OR codename = 'view_item'",
    "UPDATE auth.django_content_type SET model = model || 'x'",
]


def attempt(service: psycopg.Connection, statement: str) -> int:
    """Do it to its end, deferred triggers too, and take it back."""
    with service.transaction(force_rollback=True):
        done = service.execute(statement)  # type: ignore[call-overload]
        service.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return int(done.rowcount)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_web_hands_out_no_powers_and_admin_does(connect_seeded: Connect, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match=r"^web_rw may not hand out powers: ") as caught:
        attempt(connect_seeded("web_rw"), statement)

    assert "auth.hand_out_powers()" in str(caught.value.diag.message_hint)
    assert attempt(connect_seeded("admin_rw"), statement) > 0


@pytest.mark.parametrize("statement", STATEMENTS)
def test_combined_login_hands_them_out_as_admin_alone(connect_seeded: Connect, statement: str) -> None:
    combined = connect_seeded("all_rw")
    combined.execute("SET ROLE web_rw")
    with pytest.raises(errors.InsufficientPrivilege, match=r"^web_rw may not hand out powers: "):
        attempt(combined, statement)

    combined.execute("SET ROLE admin_rw")
    assert attempt(combined, statement) > 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT auth.hand_out_powers()",
        "SELECT auth.refuse_powers()",
        'ALTER TABLE auth."user" DISABLE TRIGGER user_changed_powers',
        'DROP TRIGGER user_first_powers ON auth."user"',
        "SET session_replication_role = replica",
        "SET ROLE auth_owner",
        "GRANT EXECUTE ON FUNCTION auth.hand_out_powers() TO web_rw",
    ],
)
def test_web_takes_the_guard_not_away(connect_seeded: Connect, statement: str) -> None:
    with pytest.raises(psycopg.Error, match=r"permission denied|must be owner|can only be called as trigger"):
        attempt(connect_seeded("web_rw"), statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE auth.\"user\" SET is_staff = is_staff, is_superuser = is_superuser, display_name = 'x'",
        """INSERT INTO auth."user" (email, password, is_superuser) VALUES ('x@example.org', '!', false)""",
        'UPDATE auth."user" SET is_active = false',
        """WITH held AS (DELETE FROM auth.user_groups RETURNING user_id)
            DELETE FROM auth."user" u USING held WHERE held.user_id = u.id""",
    ],
)
def test_web_writes_what_else_there_is_of_a_user(connect_seeded: Connect, statement: str) -> None:
    assert attempt(connect_seeded("web_rw"), statement) > 0


@pytest.mark.django_db
def test_models_of_web_say_why_in_one_line() -> None:
    user = make_user()

    with acting_as("web"):
        user.display_name = "Ann"
        user.save()
        user.is_staff = True
        with pytest.raises(ProgrammingError) as caught, transaction.atomic():
            user.save()

    assert str(caught.value).splitlines()[0] == (
        "web_rw may not hand out powers: update refused on is_staff and is_superuser of auth.user"
    )


@pytest.mark.django_db
def test_web_deletes_an_account_with_its_groups() -> None:
    user = make_user()
    user.groups.add(Group.objects.get(name="auditors"))

    with acting_as("web"), transaction.atomic():
        user.delete()

    assert not User.objects.filter(email=user.email).exists()
