import pytest

from freehold.backends.names import quote_split, quote_whole, split_name

SCHEMAS = ("auth", "app")


@pytest.mark.parametrize(
    ("name", "schema", "bare"),
    [
        ("auth.user", "auth", "user"),
        ("auth.user.old", "auth", "user.old"),
        ("user", "", "user"),
        ("public.user", "", "public.user"),
        ("authors.user", "", "authors.user"),
        ("en_US.utf8", "", "en_US.utf8"),
        ('"auth"."user"', "", '"auth"."user"'),
        ("auth.", "", "auth."),
        ("auth", "", "auth"),
        (".user", "", ".user"),
    ],
)
def test_name_is_split_behind_a_known_schema_only(name: str, schema: str, bare: str) -> None:
    assert split_name(name, SCHEMAS) == (schema, bare)


def test_name_without_known_schemas_stays_whole() -> None:
    assert split_name("auth.user", ()) == ("", "auth.user")


@pytest.mark.parametrize(
    ("name", "quoted"),
    [("auth.user", '"auth"."user"'), ("user", '"user"'), ("public.user", '"public.user"'), ('"auth.x"', '"auth.x"')],
)
def test_quoted_name_has_quotes_around_each_part(name: str, quoted: str) -> None:
    assert quote_split(name, SCHEMAS) == quoted


def test_index_name_is_quoted_once_and_never_split() -> None:
    assert quote_whole("auth.user_idx") == '"auth.user_idx"'
    assert quote_whole(quote_whole("auth.user_idx")) == '"auth.user_idx"'
