"""The pages of every model in the admin site, and rows to show on them."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models
from django.urls import NoReverseMatch, reverse

from auth_app.models import User
from freehold.acting import acting
from freehold.models import MigrationHistory
from freehold.ownership import get_ownership
from tests.auth_app.factories import NUMBERS, make_oauth_account, make_phone_verification, make_session, make_user
from tests.histories import remove_history
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category, make_location
from tests.profile.factories import make_profile
from tests.runs.factories import make_run
from tests.tenancy.factories import (
    make_api_key,
    make_invitation,
    make_membership,
    make_project,
    make_service_token,
    make_tenant,
)

Model = type[models.Model]
COMMITTED: list[int] = []  # keys of rows of the history that no rollback takes away
SECOND = timedelta(seconds=1)
UNSEEN = {"seal", "limits"}  # schemas that have no models
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


def make_log_entry() -> LogEntry:
    return LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(User),
        object_id="1",
        object_repr="someone",
        action_flag=CHANGE,
        change_message="Changed something.",
    )


def make_migration_history() -> MigrationHistory:
    """A row as `migrate` writes it, by a login of its own: whoever runs the admin site may only read the table.

    On PostgreSQL it is committed at once; the fixture `no_history_left_behind` removes it.
    """
    entry = MigrationHistory(
        kind="migrate", direction="up", app="items", name=f"{next(NUMBERS):04}_x", login="migrator", duration=SECOND
    )
    if connection.vendor == "postgresql":
        write_as_migrator(entry.save)
        COMMITTED.append(entry.pk)
    else:
        with acting(None):
            entry.save()
    return entry


def write_as_migrator(write: Callable[..., Any]) -> None:
    """Call `write` with `using` a second connection, on which the migrator is signed in."""
    other = connection.copy(alias="migrator")
    other.settings_dict = {**other.settings_dict, "USER": get_ownership().migrator}
    connections["migrator"] = other
    try:
        with acting(None):
            write(using="migrator")
    finally:
        other.close()
        del connections["migrator"]


def remove_committed() -> None:
    """Remove the rows of the history that are committed."""
    remove_history("default", pk__in=[COMMITTED.pop() for _ in range(len(COMMITTED))])


FACTORIES: dict[str, Callable[[], models.Model]] = {
    "admin.LogEntry": make_log_entry,
    "auth.Group": lambda: Group.objects.create(name=f"group {next(NUMBERS)}"),
    "auth_app.OAuthAccount": make_oauth_account,
    "auth_app.PhoneVerification": make_phone_verification,
    "auth_app.Session": lambda: make_session(user=make_user()),
    "auth_app.User": make_user,
    "freehold.MigrationHistory": make_migration_history,
    "items.Favorite": make_favorite,
    "items.Item": lambda: make_item(location=make_location()),
    "items.ItemImage": make_item_image,
    "master.Category": lambda: make_category(parent=make_category()),
    "master.Location": make_location,
    "profile.Profile": make_profile,
    "runs.Run": make_run,
    "tenancy.ApiKey": make_api_key,
    "tenancy.Invitation": make_invitation,
    "tenancy.ServiceToken": make_service_token,
    "tenancy.Membership": make_membership,
    "tenancy.Project": make_project,
    "tenancy.Tenant": make_tenant,
}


def make_row(model: Model) -> models.Model:
    return FACTORIES[model._meta.label]()


def find_url(model: Model, page: str, row: models.Model | None = None) -> str | None:
    """The address of a page (changelist, add, change, delete, history), or None where the model has no such page."""
    try:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        return reverse(name, args=[row.pk] if row else [])
    except NoReverseMatch:
        return None


def get_url(model: Model, page: str, row: models.Model | None = None) -> str:
    url = find_url(model, page, row)
    assert url, f"{model._meta.label} has no page {page}"
    return url


class FormReader(HTMLParser):
    """Reads from a page what a browser would send for the form of that id, untouched."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.data: dict[str, list[str]] = {}
        self.offered: set[str] = set()  # names of all that can be filled in
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name") or ""
        if name and tag in {"input", "select", "textarea"}:
            self.offered.add(name)
        if tag == "input" and name and given.get("type") not in {"submit", "button", "file"}:
            is_box = given.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in given:
                self.add(name, given.get("value") or ("on" if is_box else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.add(self.select, given.get("value") or "")
        elif tag == "textarea":
            self.textarea = name
            self.add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.textarea:
            # HTML drops the line break after the opening tag.
            self.data[self.textarea][-1] = self.data[self.textarea][-1].removeprefix("\r\n").removeprefix("\n")
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea][-1] += data

    def add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def read_form(html: str, model: Model) -> dict[str, Any]:
    """What the model's add or change form would send as it stands, without the buttons and the empty inline row."""
    reader = FormReader(f"{model._meta.model_name}_form")
    reader.feed(html)
    skipped = ("__prefix__", "csrfmiddlewaretoken")
    return {name: value for name, value in reader.data.items() if not any(part in name for part in skipped)}
