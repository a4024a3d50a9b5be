"""Changes tables in a schema that is not on the search path.

PostgreSQL wants an index or a constraint bare where it is made (it takes its table's schema) and qualified where an
index is dropped or renamed; a stock Django leaves it bare, and `DROP INDEX IF EXISTS` then finds nothing, or the wrong
one.
"""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's schema editor, so that super() has no types for them.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.ddl_references import ForeignKeyName, Statement
from django.db.backends.postgresql import schema
from django.db.models import Field, Model

from freehold.backends.names import quote_whole, split_name, unquote_split
from freehold.backends.postgresql.schemamoves import SchemaMove
from freehold.backends.schema import OnDeleteMixin
from freehold.sqlfiles import fetch_rows

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseSchemaEditor(OnDeleteMixin, schema.DatabaseSchemaEditor):
    """Django's own, with schemas. Names of indexes and constraints equal those of a table without a schema."""

    connection: DatabaseWrapper

    sql_delete_fk = "SET CONSTRAINTS %(namespace)s%(name)s IMMEDIATE; ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"
    sql_keep_table = "SELECT 1"  # where no more than the spelling of its name changes
    sql_set_schema = "ALTER TABLE %(table)s SET SCHEMA %(schema)s"

    def split_name(self, name: str) -> tuple[str, str]:
        """Give a table's schema, empty where it has none that is known, and its bare name."""
        return split_name(name, self.connection.schemas)

    def get_namespace(self, model: type[Model]) -> str:
        """Give what goes before the name of the model's index or constraint: `"auth".`, or nothing."""
        schema_name, _ = self.split_name(model._meta.db_table)
        return f"{quote_whole(schema_name)}." if schema_name else ""

    def column_sql(self, model: type[Model], field: Field[Any, Any], include_default: bool = False) -> Any:
        """Give the column's definition; Django's own `add_field` finds no schema in "auth.user" for SET CONSTRAINTS."""
        definition = super().column_sql(model, field, include_default)
        if namespace := self.get_namespace(model):
            template = self.sql_create_column_inline_fk.replace("%(namespace)s", namespace.replace("%", "%%"))
            self.sql_create_column_inline_fk = template
        return definition

    def alter_db_table(self, model: type[Model], old_db_table: str, new_db_table: str) -> None:
        """Rename a table, move it to another schema, or both. It takes indexes, constraints and sequences along.

        From `"auth"."user"` to `auth.user` the table stays where it is.
        """
        if old_db_table == new_db_table:
            return
        self.sql_rename_table = self.get_rename_sql(model, old_db_table, new_db_table).replace("%", "%%")
        try:
            super().alter_db_table(model, old_db_table, new_db_table)
        finally:
            del self.sql_rename_table

    def get_rename_sql(self, model: type[Model], old_db_table: str, new_db_table: str) -> str:
        """Give RENAME, which takes its new name bare, or what moves the table and all that belongs to it."""
        old = self.split_name(unquote_split(old_db_table, self.connection.schemas))
        new = self.split_name(unquote_split(new_db_table, self.connection.schemas))
        if old[0] != new[0]:
            old, new = old if old[0] else self.find_table(old_db_table), (new[0] or self.find_table()[0], new[1])
        if old[0] != new[0]:
            return "; ".join(SchemaMove(self, model, old, new).list_statements())
        names = {"old_table": self.quote_name(old_db_table), "new_table": quote_whole(new[1])}
        return type(self).sql_rename_table % names if old[1] != new[1] else self.sql_keep_table

    def find_table(self, db_table: str = "") -> tuple[str, str]:
        """Give the schema in which a table of no known schema is found, or would be made, and its bare name."""
        with self.connection.cursor() as cursor:
            table = self.quote_name(db_table) if db_table else None
            ((schema_name, bare),) = fetch_rows(cursor, __file__, "find_table", table=table)
            return schema_name, bare or db_table

    def _create_index_name(self, table_name: str, column_names: list[str], suffix: str = "") -> str:
        return super()._create_index_name(self.split_name(table_name)[1], column_names, suffix)

    def _fk_constraint_name(self, model: type[Model], field: Field[Any, Any], suffix: str) -> ForeignKeyName:
        name = super()._fk_constraint_name(model, field, suffix)
        create_name = name.create_fk_name

        def create_bare_name(table: str, columns: list[str], _: str) -> str:
            # Of the table that a deferred statement was meanwhile redirected to.
            reference = name.to_reference
            to = {"to_table": self.split_name(reference.table)[1], "to_column": reference.columns[0]}
            return create_name(table, columns, suffix % to)

        name.create_fk_name = create_bare_name
        return name

    def _create_index_sql(self, model: type[Model], *, name: str | None = None, **kwargs: Any) -> Statement:
        return super()._create_index_sql(model, name=name and quote_whole(name), **kwargs)

    def _delete_index_sql(self, model: type[Model], name: str, *args: Any, **kwargs: Any) -> Statement:
        # First as it was made: that is how Django finds a deferred CREATE INDEX to take back.
        statement = super()._delete_index_sql(model, quote_whole(name), *args, **kwargs)
        return self.qualify(statement, "name", model)

    def _rename_index_sql(self, model: type[Model], old_name: str, new_name: str) -> Statement:
        statement = super()._rename_index_sql(model, quote_whole(old_name), quote_whole(new_name))
        return self.qualify(statement, "old_name", model)

    def _create_unique_sql(self, model: type[Model], fields: Any, name: str | None = None, **kwargs: Any) -> Any:
        return super()._create_unique_sql(model, fields, name=name and quote_whole(name), **kwargs)

    def _unique_sql(self, model: type[Model], fields: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        return super()._unique_sql(model, fields, quote_whole(name), *args, **kwargs)

    def _check_sql(self, name: str, check: str) -> str:
        return super()._check_sql(quote_whole(name), check)

    def _create_check_sql(self, model: type[Model], name: str, check: str) -> Any:
        return super()._create_check_sql(model, quote_whole(name), check)

    def _delete_constraint_sql(self, template: str, model: type[Model], name: str) -> Statement:
        statement = super()._delete_constraint_sql(template, model, quote_whole(name))
        statement.parts["namespace"] = self.get_namespace(model)
        # A unique constraint with a condition or an expression is an index, and dropped as one.
        is_index = template in {self.sql_delete_index, self.sql_delete_index_concurrently}
        return self.qualify(statement, "name", model) if is_index else statement

    def qualify(self, statement: Statement, part: str, model: type[Model]) -> Statement:
        """Put the schema of the model's table before one name in the statement; give the statement."""
        parts: dict[str, Any] = statement.parts
        parts[part] = self.get_namespace(model) + parts[part]
        return statement
