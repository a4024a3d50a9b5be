"""Give sessions a key of their own, which opens nothing, so that nobody needs to read their digests."""

import uuid

from django.db import migrations, models

import freehold.functions
from freehold.operations import RunPostgreSQL

# In one statement, so that the rows are written anew once: seconds for some hundred thousand sessions. The release before
# names its columns, and goes on: it inserts without an id, and finds rows by the digest as before.
ADD_ID = """
ALTER TABLE auth.session
    ADD COLUMN id uuid DEFAULT pg_catalog.gen_random_uuid() NOT NULL,
    DROP CONSTRAINT session_pkey,
    ADD CONSTRAINT session_pkey PRIMARY KEY (id),
    ADD CONSTRAINT session_key_uniq UNIQUE (session_key)
"""
DROP_ID = """
ALTER TABLE auth.session
    DROP CONSTRAINT session_key_uniq,
    DROP CONSTRAINT session_pkey,
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_key),
    DROP COLUMN id
"""
# Django had made it for LIKE, which nobody asks of a digest.
DROP_LIKE = "DROP INDEX auth.session_session_key_8d2ff8ce_like"
CREATE_LIKE = "CREATE INDEX session_session_key_8d2ff8ce_like ON auth.session (session_key varchar_pattern_ops)"

IN_DJANGOS_WORDS = [
    migrations.AddField(
        model_name="session",
        name="id",
        field=models.UUIDField(
            db_default=freehold.functions.RandomUUID(),
            default=uuid.uuid4,
            editable=False,
            primary_key=True,
            serialize=False,
        ),
    ),
    migrations.AlterModelOptions(
        name="session",
        options={
            "base_manager_name": "objects",
            "verbose_name": "session",
            "verbose_name_plural": "sessions",
        },
    ),
    migrations.AlterField(
        model_name="session",
        name="session_key",
        field=models.CharField(
            help_text="What auth_app.proofs makes of the key in the cookie. Nobody can sign in by it.",
            max_length=64,
            verbose_name="session key",
        ),
    ),
    migrations.AddConstraint(
        model_name="session",
        constraint=models.UniqueConstraint(
            fields=("session_key",),
            name="session_key_uniq",
            violation_error_message="A session with this key exists.",
        ),
    ),
]


class OnSQLite(migrations.SeparateDatabaseAndState):
    """Django's operations, which on PostgreSQL can't give a table that has a key another one."""

    def __init__(self, operations):
        super().__init__(database_operations=operations, state_operations=operations)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0013_tickets")]

    operations = [
        # lintmigrations: M302 the table is locked for longer by the next
        RunPostgreSQL(DROP_LIKE, CREATE_LIKE),
        # The table is short, since sessions end. What was its key stays unique.
        # lintmigrations: M201 M303 M306 as docs/operations.md says, everyone waits for it once, for seconds
        RunPostgreSQL(ADD_ID, DROP_ID),
        # lintmigrations: M007 M201 M303 M306 nothing of this runs on PostgreSQL
        OnSQLite(IN_DJANGOS_WORDS),
    ]
