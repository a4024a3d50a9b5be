"""What keeps the history from being rewritten on PostgreSQL: two triggers, their function, and rights its owner lacks.

Migration freehold.0004 makes them; `ownership apply` makes them again as they stand here. Whoever owns a table can take
its triggers off and give itself its rights back, so that a look at the catalogue is what finds it out.
"""

from __future__ import annotations

from typing import Final

from psycopg import sql

_TABLE: Final = "public.migration_history"
REFUSED: Final = ("UPDATE", "DELETE", "TRUNCATE")  # what the history's owner may not do to it
FUNCTION: Final = "public.refuse_history_change"
ALWAYS: Final = "A"  # pg_trigger.tgenabled: fires whatever session_replication_role is
_BODY: Final = """
BEGIN
    RAISE EXCEPTION 'public.migration_history is append-only: % is refused', lower(TG_OP)
        USING ERRCODE = 'insufficient_privilege', HINT = 'manage.py history repair adds a row and changes none';
END
"""
WHEN: Final = {  # as pg_get_triggerdef writes it
    "migration_history_append_only": "BEFORE DELETE OR UPDATE OR TRUNCATE {} FOR EACH STATEMENT",
    "migration_history_rows_append_only": "BEFORE DELETE OR UPDATE {} FOR EACH ROW",
}
TRIGGERS: Final = {
    name: f"CREATE TRIGGER {name} {when.format(f'ON {_TABLE}')} EXECUTE FUNCTION {FUNCTION}()"
    for name, when in WHEN.items()
}
# As sql/catalogue.sql gives a function: name, language, what it is set to, whether it runs as its owner, body.
CODE: Final = "\n".join([FUNCTION, "plpgsql", '{"search_path=pg_catalog, pg_temp"}', "f", _BODY])
_REMAKE: Final = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function${_BODY}$function$;
REVOKE ALL ON FUNCTION {FUNCTION}() FROM PUBLIC"""


def write_guard() -> sql.SQL:
    """Give the statements that make function and triggers, whether they are there or not."""
    lines = [_REMAKE.strip()]
    for name, definition in TRIGGERS.items():
        lines.append(definition.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1))
        lines.append(f"ALTER TABLE {_TABLE} ENABLE ALWAYS TRIGGER {name}")
    return sql.SQL(";\n".join(lines))


def write_removal(name: str) -> sql.Composed:
    """Give the statement that takes a trigger off that is not declared."""
    return sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.SQL(_TABLE))
