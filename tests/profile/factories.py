"""Makes profiles. Every call gives another row; keywords override."""

from typing import Any

from profile.models import Profile
from tests.auth_app.factories import make_user


def make_profile(**fields: Any) -> Profile:
    fields["user"] = fields.get("user") or make_user()
    return Profile.objects.create(**{"display_name": "Ada", **fields})
