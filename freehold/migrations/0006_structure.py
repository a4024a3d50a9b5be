"""Let the history keep which functions, triggers and rules each migration left, so that others are found to be others."""

from django.db import migrations, models


class AddKeptField(migrations.AddField):
    """Adds the column, and leaves it there on the way back: links of rows cover what it holds."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_table_description(cursor, table)
        if self.name not in [column.name for column in found]:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):
    dependencies = [("freehold", "0005_count_versions")]

    # Without a default, so that SQLite adds the column to the table and keeps its triggers.
    operations = [
        AddKeptField(
            "MigrationHistory",
            "structure",
            models.JSONField(
                blank=True,
                help_text="What it changed of functions, triggers and rules, by digests.",
                null=True,
                verbose_name="structure",
            ),
        ),
    ]
