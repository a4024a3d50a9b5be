"""Imports: what was exported comes back, all rows or none, by the person's rights, and never over what is newer."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_app.models import User
from items.models import Item
from master.models import Category, Location
from runs.models import Run
from tenancy.models import Membership, Project, Tenant
from tests.admin.pages import REGISTERED, Model, find_url, make_row
from tests.admin.transfers import (
    TITLES,
    confirm,
    export,
    import_file,
    read_faults,
    read_file_error,
    read_messages,
    read_rows,
    upload,
    write_csv,
)
from tests.auth_app.factories import make_staff, make_superuser, make_user
from tests.items.factories import make_item
from tests.master.factories import make_category, make_location
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership

pytestmark = pytest.mark.django_db

IMPORTED = [model for model in REGISTERED if find_url(model, "import")]
EVERY_IMPORT = pytest.mark.parametrize("model", IMPORTED, ids=lambda model: model._meta.label)


def test_models_whose_rows_people_make_in_numbers_are_imported() -> None:
    assert set(IMPORTED) == {Category, Item, Location, Membership, Project, Run, Tenant, User}


@EVERY_IMPORT
def test_what_was_exported_changes_nothing(signed_in: Client, model: Model) -> None:
    for _ in range(2):
        make_row(model)
    count = model._base_manager.count()

    for title in TITLES:
        data = export(signed_in, model, title)
        page = upload(signed_in, model, data, title)
        assert read_messages(page) == [f"Nothing to import: each of {count} rows is there as the file has it."]
        assert "confirm_form" not in page.context


@EVERY_IMPORT
def test_what_was_exported_and_deleted_is_added_again_without_its_keys(signed_in: Client, model: Model) -> None:
    if model is User:
        pytest.skip("others hang on users: see below")
    row = make_row(model)
    (found,) = [each for each in read_rows(export(signed_in, model)) if each["id"] == str(row.pk)]
    row.delete()
    kept = {name: text for name, text in found.items() if name not in {"id", "version", "created_at", "updated_at"}}

    page = import_file(signed_in, model, write_csv(kept))

    assert read_messages(page) == [
        f"Imported {model._meta.verbose_name_plural}. Added: 1. Changed: 0. As they were: 0."
    ]
    again = read_rows(export(signed_in, model))
    assert kept.items() <= next(each for each in again if each.items() >= kept.items()).items()


def test_change_is_shown_then_done_and_logged(signed_in: Client, superuser: User) -> None:
    item, other = make_item(name="chair", price="10.00"), make_item(name="table")
    rows = read_rows(export(signed_in, Item))
    for row in rows:
        row["price"] = "12.50" if row["name"] == "chair" else row["price"]

    page = upload(signed_in, Item, write_csv(*rows), name="prices.csv")

    assert read_messages(page) == ["To add: 0. To change: 1. As they are: 1."]
    assert "<del>10.00</del> <ins>12.50</ins>" in page.content.decode()
    item.refresh_from_db()
    assert (item.price, item.version) == (Decimal("10.00"), 1)
    done = confirm(signed_in, Item, page)
    assert read_messages(done) == ["Imported items. Added: 0. Changed: 1. As they were: 1."]
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.price, item.version, other.version) == (Decimal("12.50"), 2, 1)
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.action_flag, entry.object_id) == (superuser, CHANGE, str(item.pk))
    assert (entry.object_repr, entry.get_change_message()) == ("chair", "Imported from prices.csv: price.")


def test_rows_are_added_by_the_names_that_people_know(signed_in: Client) -> None:
    user, category, location = make_user(email="ada@example.org"), make_category("chairs"), make_location(slug="berlin")
    rows = write_csv(
        {
            "name": "chair",
            "user": "ada@example.org",
            "category": "chairs",
            "location": "berlin",
            "price": "5",
            "is_active": "no",
        },
        {
            "name": "stool",
            "user": "ada@example.org",
            "category": "chairs",
            "location": "",
            "price": "7",
            "is_active": "1",
        },
    )

    import_file(signed_in, Item, rows)

    chair, stool = Item.objects.order_by("name")
    assert (chair.user, chair.category, chair.location, chair.is_active) == (user, category, location, False)
    assert (stool.price, stool.location, stool.is_active, stool.currency) == (Decimal(7), None, True, "EUR")
    assert LogEntry.objects.filter(action_flag=ADDITION).count() == 2


def test_rows_without_keys_are_found_by_their_names(signed_in: Client) -> None:
    run, membership = make_run(external_id="42", kind="import"), make_membership(role="member")
    project = run.project
    name = f"{project.tenant.slug}/{project.slug}"

    import_file(signed_in, Run, write_csv({"project": name, "external_id": "42", "kind": "backup", "version": "1"}))
    row = {"tenant": membership.tenant.slug, "user": membership.user.email, "role": "owner"}
    import_file(signed_in, Membership, write_csv(row))

    run.refresh_from_db()
    membership.refresh_from_db()
    assert (run.kind, run.version, membership.role) == ("backup", 2, "owner")
    assert (Run.objects.count(), Membership.objects.count()) == (1, 1)


def test_columns_that_are_left_out_stay_as_they_are(signed_in: Client) -> None:
    item = make_item(name="chair", description="old")

    import_file(signed_in, Item, write_csv({"id": str(item.pk), "version": "1", "name": "stool"}))

    item.refresh_from_db()
    assert (item.name, item.description, item.version) == ("stool", "old", 2)


def test_category_tree_is_added_from_its_paths(signed_in: Client) -> None:
    rows = [{"path": path, "name": path.title()} for path in ("tools", "tools/saws", "tools/saws/band-saws")]

    import_file(signed_in, Category, write_csv(*rows))

    assert [(each.path, each.slug, each.parent and each.parent.path) for each in Category.objects.order_by("path")] == [
        ("tools", "tools", None),
        ("tools/saws", "saws", "tools"),
        ("tools/saws/band-saws", "band-saws", "tools/saws"),
    ]


def test_category_moves_with_what_lies_below(signed_in: Client) -> None:
    tools = make_category("tools")
    saws, below = make_category("saws", tools), None
    below = make_category("band-saws", saws)

    import_file(signed_in, Category, write_csv({"id": str(saws.pk), "path": "saws"}))

    below.refresh_from_db()
    assert below.path == "saws/band-saws"


# --- Users ------------------------------------------------------------------------------------------------------------


def test_user_is_added_without_password_and_rights(signed_in: Client) -> None:
    import_file(signed_in, User, write_csv({"email": "Ada@EXAMPLE.org", "display_name": "Ada"}))

    user = User.objects.get(email="Ada@example.org")
    assert (user.has_usable_password(), user.is_active, user.is_staff, user.is_superuser) == (False, True, False, False)


@pytest.mark.parametrize("column", ["is_staff", "is_superuser", "last_login", "created_at"])
def test_user_gets_no_rights_by_a_file(signed_in: Client, column: str) -> None:
    user = make_user()
    row = {"email": user.email, "display_name": "Ada", column: "1"}

    for rows in (row, {**row, "email": "new@example.org"}):
        page = upload(signed_in, User, write_csv(rows))
        assert read_faults(page) == [(2, column, "An import does not write this column: leave it as it is, or out.")]


@pytest.mark.parametrize("column", ["password", "groups", "user_permissions", "sessions"])
def test_what_users_sign_in_with_is_no_column(signed_in: Client, column: str) -> None:
    page = upload(signed_in, User, write_csv({"email": "a@b.org", column: "x"}))

    assert read_file_error(page).startswith(f"There is no column {column}. The columns are: id, version, email,")


def test_superuser_is_a_superusers_matter() -> None:
    boss, member = make_superuser(email="boss@example.org"), Client()
    member.force_login(make_staff("auth managers"))
    row = {"id": str(boss.pk), "email": "mine@example.org"}

    page = upload(member, User, write_csv(row))

    assert read_faults(page) == [(2, "", "You may not change this user.")]
    assert "confirm_form" not in page.context


def test_user_with_the_address_in_another_case_is_refused(signed_in: Client) -> None:
    make_user(email="ada@example.org")

    page = upload(signed_in, User, write_csv({"email": "ADA@example.org"}))

    assert read_faults(page) == [(2, "", "A user with this e-mail address in another spelling of case exists.")]


# --- Faults, by row and column ---------------------------------------------------------------------------------------

GOOD = {"name": "chair", "user": "ada@example.org", "category": "chairs", "price": "5"}
REQUIRED = "This field is required."
FAULTS: list[tuple[dict[str, str], str, str]] = [
    ({"price": "cheap"}, "price", "Enter a number."),
    ({"price": "-1"}, "price", "Ensure this value is greater than or equal to 0."),
    ({"price": "12,50"}, "price", "Enter a number."),
    ({"price": "1e400"}, "price", "Ensure that there are no more than 12 digits in total."),
    ({"price": "NaN"}, "price", "Enter a number."),
    ({"price": ""}, "price", REQUIRED),
    ({"name": ""}, "name", REQUIRED),
    ({"name": "x" * 201}, "name", "Ensure this value has at most 200 characters (it has 201)."),
    ({"category": "no/such"}, "category", "There is no category no/such."),
    ({"category": ""}, "category", "This field cannot be null."),
    ({"user": "nobody@example.org"}, "user", "There is no user nobody@example.org."),
    ({"location": "atlantis"}, "location", "There is no location atlantis."),
    ({"currency": "eur"}, "currency", "Enter three capital letters, such as EUR."),
    ({"is_active": "perhaps"}, "is_active", "Enter 1 or 0."),
    ({"id": "no-uuid"}, "id", "This is no key of a row."),
    (
        {"id": "00000000-0000-4000-8000-000000000000"},
        "id",
        "No row has this key, or none has it any more. Leave it empty to add one.",
    ),
]


@pytest.mark.parametrize(("more", "column", "line"), FAULTS)
def test_fault_is_listed_by_row_and_column_and_nothing_is_written(
    signed_in: Client, more: dict[str, str], column: str, line: str
) -> None:
    make_user(email="ada@example.org")
    make_category("chairs")
    good, bad = {**GOOD, **dict.fromkeys(more, "")}, {**GOOD, **more}
    good = {**good, **{name: text for name, text in GOOD.items() if name in more}}
    good |= {name: {"currency": "EUR", "is_active": "1"}[name] for name in more if name in {"currency", "is_active"}}

    page = upload(signed_in, Item, write_csv(good, bad, good))

    assert read_faults(page) == [(3, column, line)]
    assert read_messages(page) == ["Nothing can be imported. Rows with faults: 1."]
    assert "confirm_form" not in page.context
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("model", "rows", "faults"),
    [
        (
            Tenant,
            [{"slug": "acme", "name": "A"}, {"slug": "acme", "name": "B"}],
            [(3, "A tenant with this slug exists.")],
        ),
        (Tenant, [{"slug": "Acme Ltd", "name": "A"}], [(2, "Enter a valid “slug”")]),
        (
            Category,
            [{"path": "a/b", "name": "B"}],
            [(2, "There is no category a. Give it a row of its own, further up.")],
        ),
        (Category, [{"path": "", "name": "B"}], [(2, "The slug is lower-case letters and digits")]),
        (Category, [{"path": "A b", "name": "B"}], [(2, "The slug is lower-case letters and digits")]),
        (Category, [{"path": "b" * 501, "name": "B"}], [(2, "Ensure this value has at most 500 characters")]),
        (
            Location,
            [{"slug": "x", "city": "X", "country": "DE", "country_name": "G"}],
            [(2, "A city has both latitude")],
        ),
    ],
)
def test_rule_of_the_database_is_told_in_its_words(
    signed_in: Client, model: Model, rows: list[dict[str, str]], faults: list[tuple[int, str]]
) -> None:
    page = upload(signed_in, model, write_csv(*rows))

    found = [(number, line) for number, _column, line in read_faults(page)]
    assert [number for number, _line in found][: len(faults)] == [number for number, _line in faults]
    assert all(line.startswith(start) for (_n, line), (_number, start) in zip(found, faults, strict=False))
    assert not model._base_manager.exists()


def test_category_below_itself_is_refused(signed_in: Client) -> None:
    tools = make_category("tools")
    make_category("saws", tools)

    page = upload(signed_in, Category, write_csv({"id": str(tools.pk), "path": "tools/saws/tools"}))

    assert read_faults(page) == [(2, "parent", "A category can't lie below one of its own children.")]


def test_same_row_twice_is_refused(signed_in: Client) -> None:
    item = make_item()
    rows = [{"id": str(item.pk), "version": "1", "name": name} for name in ("a", "b")]

    page = upload(signed_in, Item, write_csv(*rows))

    assert read_faults(page) == [(3, "", "Row 2 is about the same one.")]


def test_faults_end_where_they_help_nobody(signed_in: Client) -> None:
    rows = [{"slug": f"t-{number}", "name": ""} for number in range(300)]

    page = upload(signed_in, Tenant, write_csv(*rows))

    assert len(read_faults(page)) == 100
    assert read_messages(page) == ["Nothing can be imported: 100 rows have faults, and the rest was not looked at."]


# --- Length -----------------------------------------------------------------------------------------------------------


def test_import_sends_one_statement_a_row(signed_in: Client) -> None:
    make_user(email="ada@example.org")
    make_category("chairs")
    counts = []
    for length in (5, 10, 20):
        rows = [{**GOOD, "name": f"{length} {number}"} for number in range(length)]
        with CaptureQueriesContext(connection) as queries:
            import_file(signed_in, Item, write_csv(*rows))
        counts.append(len(queries))

    assert counts[2] - counts[1] == 2 * 10  # for the preview and for the import


def test_save_that_fails_is_the_rows_fault(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    save = Tenant.save

    def save_carefully(self: Tenant, **options: Any) -> None:
        if self.slug == "b":
            raise RuntimeError("no room\nfor it")
        save(self, **options)

    monkeypatch.setattr(Tenant, "save", save_carefully)
    page = upload(signed_in, Tenant, write_csv(*({"slug": slug, "name": slug} for slug in "abc")))

    assert read_faults(page) == [(3, "", "no room")]


def test_rows_beside_one_that_is_refused_at_first_are_written(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_run(kind="old"), make_run(kind="old")
    rows = [{"id": str(run.pk), "version": "1", "kind": "new"} for run in (first, second)]
    page = upload(signed_in, Run, write_csv(*rows))
    save, faults = Run.save, [RuntimeError("once")]

    def save_at_last(self: Run, **options: Any) -> None:
        if self.pk == second.pk and faults:
            raise faults.pop()
        save(self, **options)

    monkeypatch.setattr(Run, "save", save_at_last)
    done = confirm(signed_in, Run, page)

    assert read_messages(done) == ["Imported runs. Added: 0. Changed: 2. As they were: 0."]
    assert list(Run.objects.values_list("kind", "version")) == [("new", 2)] * 2
