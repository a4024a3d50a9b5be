"""The admin pages of items."""

import pytest
from django.test import Client

from items.models import Item, ItemImage
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_superuser
from tests.items.factories import make_item, make_item_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_superuser())
    return client


def test_change_makes_a_new_version(operator: Client) -> None:
    item = make_item()

    for name in ("Red bicycle", "Green bicycle"):
        form = read_form(operator.get(get_url(Item, "change", item)).content.decode(), Item)
        operator.post(get_url(Item, "change", item), {**form, "name": name, "version": "99"})

    item.refresh_from_db()
    assert (item.name, item.version) == ("Green bicycle", 3)


def test_change_with_images_saves_them(operator: Client) -> None:
    image = make_item_image(alt="before")
    form = read_form(operator.get(get_url(Item, "change", image.item)).content.decode(), Item)

    page = operator.post(get_url(Item, "change", image.item), {**form, "images-0-alt": "after"})

    assert page.status_code == 302
    assert ItemImage.objects.get().alt == "after"


def test_add_makes_the_first_version_with_its_images(operator: Client) -> None:
    example = make_item()
    form = read_form(operator.get(get_url(Item, "change", example)).content.decode(), Item)
    images = {"images-TOTAL_FORMS": "1", "images-0-url": "example.org/a.jpg", "images-0-position": "0"}

    page = operator.post(get_url(Item, "add"), {**form, **images, "name": "New one"})

    assert page.status_code == 302
    assert Item.objects.get(name="New one").version == 1
    assert ItemImage.objects.get().url == "https://example.org/a.jpg"
