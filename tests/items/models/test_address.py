"""Addresses of pictures: with http or https, or a path on this site."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from items.models import ItemImage
from items.models.address import AddressFormField

FIELD = ItemImage._meta.get_field("url")
WRONG = [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://example.org/a.jpg",
    "/a b",
    '/a"onload',
    "a",
    "/\\example.org",
]


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("/static/items/pictures/home.svg", "/static/items/pictures/home.svg"),
        ("https://example.org/a.jpg", "https://example.org/a.jpg"),
    ],
)
def test_address_is_kept_as_it_was_entered(entered: str, kept: str) -> None:
    FIELD.clean(entered, None)

    assert AddressFormField().clean(entered) == kept


@pytest.mark.parametrize("value", [*WRONG, "//example.org/a.jpg"])
def test_address_of_another_kind_is_refused(value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FIELD.clean(value, None)

    assert caught.value.messages == ["Enter a valid URL."]


@pytest.mark.parametrize("value", WRONG)
def test_form_refuses_an_address_of_another_kind(value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AddressFormField().clean(value)

    assert caught.value.messages == ["Enter a valid URL."]


def test_form_shows_a_text_input_since_a_browser_takes_no_path_for_a_url() -> None:
    assert 'type="text"' in AddressFormField().widget.render("url", "/a.svg")


def test_migrations_see_a_plain_urlfield() -> None:
    assert FIELD.deconstruct()[1] == "django.db.models.URLField"
