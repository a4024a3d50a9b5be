"""Let one row alone have a key's hash: another would turn the key to its own project."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0020_idempotency_key")]

    operations = [
        # lintmigrations: M201 M303 keys are few, and random: none has another's hash but by theft
        migrations.AddConstraint(
            "ApiKey",
            models.UniqueConstraint(
                fields=["key_hash"],
                name="api_keys_key_hash_uniq",
                violation_error_message="This key exists.",
            ),
        ),
        # lintmigrations: M302 the table is locked anyway
        migrations.RemoveIndex("ApiKey", "api_keys_key_hash_idx"),
    ]
