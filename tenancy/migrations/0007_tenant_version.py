"""Let the database count the versions of tenants."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_tenant_email"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "Tenant",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Tenant", CountedVersion(name="tenants_version_counted")),
    ]
