"""Access control lists as the server writes them, read as entries."""

from __future__ import annotations

import pytest

from freehold.ownership.acl import AclEntry, parse_acl


@pytest.mark.parametrize(
    ("text", "others", "owners"),
    [
        ("app_owner=arwdDxtm/app_owner", set(), set("arwdDxtm")),
        ("=X/app_owner", {AclEntry("PUBLIC", "EXECUTE")}, set()),
        (
            "api_rw=r/app_owner\nweb_rw=ar/app_owner",
            {AclEntry("api_rw", "SELECT"), AclEntry("web_rw", "SELECT"), AclEntry("web_rw", "INSERT")},
            set(),
        ),
        ("api_rw=r*/app_owner", {AclEntry("api_rw", "SELECT"), AclEntry("api_rw", "SELECT", True)}, set()),
        (
            "api_rw=r*w/app_owner",
            {AclEntry("api_rw", "SELECT"), AclEntry("api_rw", "SELECT", True), AclEntry("api_rw", "UPDATE")},
            set(),
        ),
        ("web_rw=r/api_rw", {AclEntry("web_rw", "SELECT", False, "api_rw")}, set()),
        ('"odd ""role"" = x"=r/app_owner', {AclEntry('odd "role" = x', "SELECT")}, set()),
        ('reader=r/"a/b"', {AclEntry("reader", "SELECT", False, "a/b")}, set()),
        ("", set(), set()),
    ],
)
def test_list_is_read(text: str, others: set[AclEntry], owners: set[str]) -> None:
    held = parse_acl(text, "app_owner")

    assert (held.others, held.owners) == (others, owners)
