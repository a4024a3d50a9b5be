"""What both dialects' schema editors share: foreign keys with ON DELETE under Django 5.2 (`freehold.deletion`)."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's schema editor, so that super() has no types for them.

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import Field, Model

from freehold.deletion import IS_BUILT_IN, get_on_delete_sql

_DEFERRABLE = " DEFERRABLE"


class OnDeleteMixin(BaseDatabaseSchemaEditor):
    """Writes ON DELETE into the three places where Django 5.2 makes a foreign key. Under 6.1 it adds nothing."""

    def column_sql(self, model: type[Model], field: Field[Any, Any], include_default: bool = False) -> Any:
        """Give the column's definition. Django asks for it right before it fills in the clause of the same field."""
        definition = super().column_sql(model, field, include_default)
        self.sql_create_inline_fk = self.add_on_delete(type(self).sql_create_inline_fk, field)
        self.sql_create_column_inline_fk = self.add_on_delete(type(self).sql_create_column_inline_fk, field)
        return definition

    def add_on_delete(self, template: str | None, field: Field[Any, Any]) -> Any:
        """Give a template of an inline foreign key with the field's ON DELETE in it."""
        clause = get_on_delete_sql(field)
        if template is None or not clause:
            return template
        anchor = "%(deferrable)s" if "%(deferrable)s" in template else _DEFERRABLE
        return template.replace(anchor, clause + anchor, 1)

    def _create_fk_sql(self, model: type[Model], field: Field[Any, Any], suffix: str) -> Statement:
        statement = super()._create_fk_sql(model, field, suffix)
        statement.parts["deferrable"] = get_on_delete_sql(field) + statement.parts["deferrable"]
        return statement

    def _field_should_be_altered(
        self, old_field: Field[Any, Any], new_field: Field[Any, Any], ignore: set[str] | None = None
    ) -> bool:
        """Tell whether the column differs; 5.2 takes any change of on_delete for one that Python alone carries out."""
        if not IS_BUILT_IN and get_on_delete_sql(old_field) != get_on_delete_sql(new_field):
            return True
        return super()._field_should_be_altered(old_field, new_field, ignore)
