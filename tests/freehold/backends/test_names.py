import pytest

from freehold.backends.errors import SchemaNameError
from freehold.backends.names import quote_split, quote_whole, read_schemas, split_name

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


@pytest.mark.parametrize("names", [[], ("auth", "app"), {"Größe 1"}, ["s" * 57]])
def test_schemas_are_read_from_any_collection(names: object) -> None:
    assert read_schemas(names, "default") == frozenset(names)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("auth", 'is \'auth\': write a list of names, as ["auth", "app"]'),
        (None, 'is None: write a list of names, as ["auth", "app"]'),
        (["my.auth"], "has 'my.auth': a schema's name is a text without dots and double quotes"),
        (['au"th'], "has 'au\"th': a schema's name is a text without dots and double quotes"),
        ([""], "has '': a schema's name is a text without dots and double quotes"),
        ([7], "has 7: a schema's name is a text without dots and double quotes"),
        (["ß" * 29], f"has '{'ß' * 29}', which is longer than 57 bytes: rename the schema"),
    ],
)
def test_schemas_that_can_not_be_split_off_are_refused(names: object, message: str) -> None:
    with pytest.raises(SchemaNameError) as caught:
        read_schemas(names, "default")

    assert str(caught.value) == f"OPTIONS[\"schemas\"] of database 'default' {message}"
