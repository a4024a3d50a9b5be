"""Everyone who may sign in walks through every page of every model, fills what the pages ask for, and is understood.

Generated from the registry and the map, so that no model, field or group is forgotten.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.test import Client

from tests.admin.filling import Filler
from tests.admin.pages import REGISTERED, Model, find_url, get_url, make_row
from tests.admin.rights import ACTIONS, EVERYBODY, may, sign_in

pytestmark = pytest.mark.django_db

EVERY_MODEL = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
WITH_INLINES = [model for model in REGISTERED if admin.site.get_model_admin(model).inlines]
EVERY_ONE = pytest.mark.parametrize("who", EVERYBODY)
# How Python shows what nobody turned into words.
PYTHON = re.compile(
    r"<(?:django|class|function|bound|object|lambda|QuerySet|\w+: )"
    r"|DatabaseDefault|object at 0x|UUID\(|datetime\.\w+\(|Decimal\(|\{'|\[<|\bb'|^\s*None\s*$"
)


class WordReader(HTMLParser):
    """Reads from a page what a person sees or is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"script", "style"}
        shown = {"value", "title", "placeholder", "aria-label", "alt"}
        self.words += [value for name, value in attrs if name in shown and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def look(client: Client, url: str, data: dict[str, Any] | None = None) -> Any:
    """Open or send a page and look for what only Python would say."""
    page = client.get(url) if data is None else client.post(url, data)
    reader = WordReader()
    reader.feed(page.content.decode())
    assert [word for word in reader.words if PYTHON.search(word)] == [], url
    assert page.status_code < 500
    return page


def describe_errors(page: Any) -> Any:
    return page.context and [page.context.get("errors"), page.context["adminform"].form.errors]


@pytest.mark.parametrize(
    "text",
    ["<django.db.models.expressions.DatabaseDefault object at 0x7f>", "None", "{'a': 1}", "[<Item: x>]", "UUID('1')"],
)
def test_what_only_python_says_is_noticed(text: str) -> None:
    assert PYTHON.search(text)


@EVERY_ONE
@EVERY_MODEL
def test_pages_open_for_whoever_may_see_them(who: str, model: Model) -> None:
    client, row = sign_in(who), make_row(model)
    seen = 200 if may(who, model, "view") else 403

    assert look(client, get_url(model, "changelist")).status_code == seen
    for page in ("change", "history"):
        if url := find_url(model, page, row):
            assert look(client, url).status_code == seen, page
    if url := find_url(model, "delete", row):
        assert look(client, url).status_code == (200 if may(who, model, "delete") else 403)


@EVERY_ONE
@EVERY_MODEL
def test_add_page_makes_a_row_from_its_own_form(who: str, model: Model) -> None:
    client, url = sign_in(who), find_url(model, "add")
    if url is None:
        return
    if not may(who, model, "add"):
        assert (look(client, url).status_code, look(client, url, {}).status_code) == (403, 403)
        return
    form = Filler(client, look(client, url), model).fill()
    before = model._base_manager.count()

    page = look(client, url, form.data)

    assert page.status_code == 302, describe_errors(page)
    assert model._base_manager.count() == before + 1
    assert LogEntry.objects.filter(content_type__model=model._meta.model_name, action_flag=ADDITION).count() == 1


@EVERY_ONE
@pytest.mark.parametrize("model", WITH_INLINES, ids=lambda model: model._meta.label)
def test_add_page_with_a_row_in_each_inline_makes_them_all(who: str, model: Model) -> None:
    client = sign_in(who)
    if not may(who, model, "add"):
        return
    page = look(client, get_url(model, "add"))
    form = Filler(client, page, model).fill()
    inlines = page.context["inline_admin_formsets"]
    for inline in inlines:
        form.add_inline_row(inline)
    before = [inline.opts.model._base_manager.count() for inline in inlines]

    page = look(client, get_url(model, "add"), form.data)

    assert page.status_code == 302, [describe_errors(page), [each.formset.errors for each in inlines]]
    assert [inline.opts.model._base_manager.count() for inline in inlines] == [number + 1 for number in before]


@EVERY_ONE
@EVERY_MODEL
def test_change_page_saves_its_own_form(who: str, model: Model) -> None:
    client, row = sign_in(who), make_row(model)
    url = find_url(model, "change", row)
    if url is None:
        return
    page = look(client, url)
    assert ('name="_save"' in page.content.decode()) == may(who, model, "change")
    if not may(who, model, "change"):
        assert look(client, url, {}).status_code == 403
        return
    form = Filler(client, page, model).fill()
    for inline in page.context["inline_admin_formsets"]:
        form.add_inline_row(inline)

    page = look(client, url, form.data)

    assert page.status_code == 302, describe_errors(page)
    assert LogEntry.objects.filter(content_type__model=model._meta.model_name, action_flag=CHANGE).count() == 1


@EVERY_ONE
@EVERY_MODEL
def test_page_and_list_delete_for_whoever_may(who: str, model: Model) -> None:
    client, row, other = sign_in(who), make_row(model), make_row(model)
    is_allowed = may(who, model, "delete")
    selected = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}

    if url := find_url(model, "delete", row):
        assert look(client, url, {"post": "yes"}).status_code == (302 if is_allowed else 403)
        assert model._base_manager.filter(pk=row.pk).exists() != is_allowed
    assert look(client, get_url(model, "changelist"), selected).status_code in {200, 302, 403}
    assert model._base_manager.filter(pk=other.pk).exists() != is_allowed


def test_everybody_may_do_something() -> None:
    for who in EVERYBODY:
        assert any(may(who, model, action) for model in REGISTERED for action in ACTIONS)
