"""Items on offer all over the world, with images and favorites."""

from freehold.seeds import Rows, Seed
from items.seeds import catalogue

SEED = Seed(
    kind="demo",
    depends=("auth_app.0001_users", "master.0001_categories", "master.0002_locations"),
    rows=(
        Rows(
            "items.Item",
            key=("user", "name"),
            fields=catalogue.ItemRow._fields,
            references={"user": ("email",), "category": ("path",), "location": ("slug",)},
            read=catalogue.list_items,
        ),
        Rows(
            "items.ItemImage",
            key=("item", "position"),
            fields=catalogue.ImageRow._fields,
            references={"item": ("user__email", "name")},
            read=catalogue.list_images,
        ),
        Rows(
            "items.Favorite",
            key=("user", "item"),
            fields=catalogue.FavoriteRow._fields,
            references={"user": ("email",), "item": ("user__email", "name")},
            read=catalogue.list_favorites,
        ),
    ),
    sources=(catalogue, *catalogue.OFFERS, *catalogue.PICTURES),
)
