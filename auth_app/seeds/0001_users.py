"""People who can sign in: an administrator, one for each of the admin site's groups, and users."""

from auth_app.seeds import people
from freehold.seeds import Rows, Seed

SEED = Seed(
    kind="demo",
    rows=(
        Rows(
            "auth_app.User",
            key=("email",),
            fields=people.UserRow._fields,
            ignore_case=True,
            read=people.list_users,
        ),
        Rows(
            "auth_app.User.groups",
            key=("user", "group"),
            fields=("user", "group"),
            references={"user": ("email",), "group": ("name",)},
            read=people.list_members,
        ),
    ),
    sources=(people,),
)
