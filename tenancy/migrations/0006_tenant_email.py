"""Give tenants an e-mail address, unique without regard to case; those that are there have none until they get one."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_access")]

    operations = [
        migrations.AddField(
            "Tenant",
            "email",
            models.EmailField(
                blank=True,
                help_text="Where the organisation is written to.",
                max_length=254,
                null=True,
                verbose_name="e-mail address",
            ),
        ),
        # lintmigrations: M201 M301 the column is new and empty, and tenants are few
        migrations.AddConstraint(
            "Tenant",
            models.UniqueConstraint(
                Lower("email"),
                name="tenants_email_lower_uniq",
                violation_error_message="A tenant with this e-mail address exists.",
            ),
        ),
        # lintmigrations: M203 M305 the column is new and empty, and tenants are few
        migrations.AddConstraint(
            "Tenant",
            models.CheckConstraint(
                condition=models.Q(("email__contains", "@")),
                name="tenants_email_check",
                violation_error_message="An e-mail address has an @.",
            ),
        ),
    ]
