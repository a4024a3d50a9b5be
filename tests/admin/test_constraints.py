"""Each constraint has words of its own, and a page says those, at the field or at its top, and never the database's."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.test import Client
from django.utils import timezone

from freehold.acting import acting
from freehold.admin.refusals import describe_refusal
from items.models import Favorite, Item
from master.models import Category, Location
from runs.models import Run
from tenancy.models import ApiKey, Membership, Tenant
from tests.admin.filling import Filler
from tests.admin.pages import Model, get_url
from tests.auth_app.factories import make_user
from tests.freehold.estates import get_server
from tests.items.factories import make_favorite, make_item
from tests.master.factories import make_category
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_tenant

pytestmark = pytest.mark.django_db

# Not of the rows that only commands and migrations write: no page has a form for them.
OURS = [model for model in apps.get_models() if not model.__module__.startswith(("django.", "freehold."))]
CONSTRAINTS = [(model, each) for model in OURS for each in model._meta.constraints]
RAW = ("constraint", "violates", "_check", "_uniq", "relation ")


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=lambda part: getattr(part, "name", ""))
def test_constraint_has_words_of_its_own(model: Model, constraint: models.BaseConstraint) -> None:
    said = str(constraint.get_violation_error_message())

    assert said != str(constraint.default_violation_error_message) % {"name": constraint.name}
    assert constraint.name not in said
    assert said[0].isupper()
    assert said.endswith(".")


def change(signed_in: Client, row: models.Model, **typed: Any) -> Any:
    url = get_url(type(row), "change", row)
    form = Filler(signed_in, signed_in.get(url), type(row))
    return signed_in.post(url, {**form.data, **typed})


def add(signed_in: Client, model: Model, **typed: Any) -> Any:
    form = Filler(signed_in, signed_in.get(get_url(model, "add")), model).fill()
    return signed_in.post(get_url(model, "add"), {**form.data, **typed})


def at(name: str, moment: Any) -> dict[str, str]:
    return {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}


def make_its_own_parent(client: Client) -> Any:
    category = make_category()
    return change(client, category, parent=str(category.pk))


def make_child_of_its_child(client: Client) -> Any:
    child = make_category(parent=make_category())
    assert child.parent
    return change(client, child.parent, parent=str(child.pk))


def join_twice(client: Client) -> Any:
    membership = make_membership()
    return add(client, Membership, tenant=str(membership.tenant_id), user=str(membership.user_id))


def mark_twice(client: Client) -> Any:
    favorite = make_favorite()
    return add(client, Favorite, item=str(favorite.item_id), user=str(favorite.user_id))


def join_twice_at_once(client: Client) -> Any:
    """In the rows of the tenant's page."""
    tenant, user = make_tenant(), make_user()
    url = get_url(Tenant, "change", tenant)
    form = Filler(client, page := client.get(url), Tenant)
    for _ in range(2):
        form.add_inline_row(page.context["inline_admin_formsets"][0])
    form.write("memberships-0-user", str(user.pk))
    form.write("memberships-1-user", str(user.pk))
    return client.post(url, form.data)


YESTERDAY = timezone.now() - timezone.timedelta(days=1)
BAD: dict[str, tuple[Callable[[Client], Any], str]] = {
    "own parent": (make_its_own_parent, "A category is not its own parent."),
    "child's child": (make_child_of_its_child, "A category can't lie below one of its own children."),
    "slug": (
        lambda client: change(client, make_category(), slug="Capitals"),
        "Enter lower-case letters a to z and digits, joined by single hyphens",
    ),
    "price": (
        lambda client: change(client, make_item(), price="-1"),
        "Ensure this value is greater than or equal to 0.",
    ),
    "currency": (
        lambda client: change(client, make_item(), currency="eur"),
        "Enter three capital letters, such as EUR.",
    ),
    "new item": (lambda client: add(client, Item, price="-1"), "Ensure this value is greater than or equal to 0."),
    "end": (
        lambda client: change(
            client,
            make_run(),
            status="failed",
            **at("started_at", timezone.now()),
            **at("finished_at", YESTERDAY),
        ),
        "A run does not finish before it has started.",
    ),
    "no end": (
        lambda client: change(client, make_run(), status="failed"),
        "A run that succeeded, failed or was cancelled has a time it finished; any other has none.",
    ),
    "new run": (
        lambda client: add(client, Run, status="failed"),
        "A run that succeeded, failed or was cancelled has a time it finished; any other has none.",
    ),
    "member": (join_twice, "This user is a member of this tenant already."),
    "members": (join_twice_at_once, "Please correct the duplicate data"),
    "favorite": (mark_twice, "This user has marked this item already."),
    "key": (
        lambda client: add(client, ApiKey, **at("expires_at", YESTERDAY)),
        "The key would have expired already: choose a time to come.",
    ),
    "place": (
        lambda client: add(client, Location, city="Berlin"),
        "A city has both latitude and longitude; a whole country both or neither.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_form_is_answered_in_the_words_of_the_model(signed_in: Client, case: str) -> None:
    send, message = BAD[case]

    page = send(signed_in)

    text = unescape(page.content.decode())
    assert page.status_code == 200
    assert message in text
    assert [word for line in list_errors(page) for word in RAW if word in line] == []


def list_errors(page: Any) -> list[str]:
    return [str(each) for each in page.context["errors"]]


def break_constraint(model: Model, constraint: models.BaseConstraint) -> None:
    """Have the database say that the constraint is broken, as it says it: to the superuser, who may run a block."""
    if connection.vendor == "postgresql":
        with psycopg.connect(**get_server()) as superuser, connection.wrap_database_errors:
            superuser.execute(
                "DO $$ BEGIN RAISE EXCEPTION 'new row violates it' USING ERRCODE = 'check_violation', "  # type: ignore[arg-type]
                f"CONSTRAINT = '{constraint.name}', TABLE = '{model._meta.db_table}'; END $$"
            )
        return
    with acting(None), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE told (x CONSTRAINT {constraint.name} CHECK (x))")
        cursor.execute("INSERT INTO told VALUES (0)")


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=lambda part: getattr(part, "name", ""))
def test_what_the_database_says_of_a_constraint_becomes_the_words_of_the_model(
    model: Model, constraint: models.BaseConstraint
) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        break_constraint(model, constraint)

    assert describe_refusal(caught.value) == str(constraint.get_violation_error_message())


def test_what_breaks_a_unique_constraint_is_told_by_its_columns_too() -> None:
    membership = make_membership()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Membership.objects.create(tenant=membership.tenant, user=membership.user)

    assert describe_refusal(caught.value) == "This user is a member of this tenant already."


def change_unchecked(item: Item, field: str, value: Any) -> None:
    Item.objects.filter(pk=item.pk).update(**{field: value})
    connection.check_constraints(["app.items"])


def test_what_is_no_constraint_of_a_model_is_said_in_plain_words() -> None:
    item, told = make_item(), []
    for field, value in (("name", None), ("category_id", make_user().pk)):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            change_unchecked(item, field, value)
        told.append(describe_refusal(caught.value))

    assert told == [
        "name can't be empty.",
        "what it refers to is not there, or something else refers to it.",
    ]


def test_fault_that_is_no_refusal_is_none() -> None:
    with pytest.raises((ProgrammingError, Exception)) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert describe_refusal(caught.value) is None


def test_category_finds_its_parent_again(signed_in: Client) -> None:
    page = make_its_own_parent(signed_in)

    assert page.context["adminform"].form.errors == {"parent": ["A category is not its own parent."]}
    assert Category.objects.get().parent is None
