"""JSON documents in a column."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Value
from django.db.models.fields.json import JSONField

from freehold.documents import JSONType, validate_object, validate_text_array
from tests.runs.factories import make_run

OBJECT = 'Enter a JSON object, such as {"key": "value"}.'
ARRAY = 'Enter a JSON array of strings, such as ["read"].'
TEXT = "Text holds a character that can't be stored."


@pytest.mark.parametrize("value", [{}, {"a": 1}, {"a": [1.5, None, True, {"b": "ü😀"}]}])
def test_validate_object_accepts_objects(value: Any) -> None:
    validate_object(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, OBJECT),
        ([], OBJECT),
        ("x", OBJECT),
        (1, OBJECT),
        ({"a": float("nan")}, "JSON has no number nan."),
        ({"a": [float("inf")]}, "JSON has no number inf."),
        ({"a": [{"b\0": 1}]}, TEXT),
        ({"a": "\udc00"}, TEXT),
    ],
)
def test_validate_object_refuses_what_can_not_be_stored(value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_object(value)

    assert caught.value.messages == [message]


@pytest.mark.parametrize(("value", "message"), [({}, ARRAY), ("x", ARRAY), ([1], ARRAY), (["a\0"], TEXT)])
def test_validate_text_array_refuses_anything_else(value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_text_array(value)

    assert caught.value.messages == [message]


def test_validate_text_array_accepts_strings() -> None:
    validate_text_array([])
    validate_text_array(["read", "write"])


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "kind"), [({"a": 1}, "object"), ([1], "array")])
def test_json_type_is_the_same_on_both_dialects(value: Any, kind: str) -> None:
    run = type(make_run()).objects.annotate(json_type=JSONType(Value(value, JSONField()))).get()

    assert run.json_type == kind


@pytest.mark.django_db
def test_column_default_is_a_document() -> None:
    run = make_run()
    table, key = connection.ops.quote_name("app.runs"), run._meta.pk.get_db_prep_value(run.pk, connection)
    columns = "project_id, external_id, kind"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT project_id, 'other', kind FROM {table} WHERE id = %s", [key]
        )

    other = type(run).objects.get(external_id="other")
    assert (other.metadata, other.status, other.version) == ({}, "queued", 1)
    assert other.created_at.tzinfo
