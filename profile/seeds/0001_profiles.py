"""Profiles of the demo people."""

from freehold.seeds import Rows, Seed
from profile.seeds import people

SEED = Seed(
    kind="demo",
    depends=("auth_app.0001_users",),
    rows=(
        Rows(
            "profile.Profile",
            key=("user",),
            fields=people.ProfileRow._fields,
            references={"user": ("email",)},
            read=people.list_profiles,
        ),
    ),
    sources=(people,),
)
