"""Create app.invitations."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0015_use_of_api_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=freehold.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        help_text="Of the account that may accept.", max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("admin", "admin"), ("member", "member"), ("viewer", "viewer")],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "secret_hash",
                    models.CharField(
                        help_text="SHA-256 of the secret's SHA-256, both in hexadecimal.",
                        max_length=64,
                        verbose_name="secret hash",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined")),
                (
                    "inviter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="invitations",
                        to="tenancy.membership",
                        verbose_name="inviter",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="invitations",
                        to="tenancy.tenant",
                        verbose_name="tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "db_table": "app.invitations",
                "indexes": [
                    models.Index(fields=["tenant", "-created_at"], name="invitations_tenant_idx"),
                    models.Index(fields=["inviter"], name="invitations_inviter_idx"),
                    models.Index(fields=["-created_at"], name="invitations_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("secret_hash",),
                        name="invitations_secret_hash_uniq",
                        violation_error_message="An invitation with this secret exists.",
                    ),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("declined_at", None)),
                        name="invitations_open_uniq",
                        violation_error_message="This address is invited already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "admin", "member", "viewer"])),
                        name="invitations_role_check",
                        violation_error_message="The role is one of owner, admin, member, viewer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secret_hash__regex", "^[0-9a-f]{64}\\Z")),
                        name="invitations_secret_hash_check",
                        violation_error_message="The hash is a SHA-256 in hexadecimal, never the secret itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email__contains", "@")),
                        name="invitations_email_check",
                        violation_error_message="An e-mail address has an @.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="invitations_expires_at_check",
                        violation_error_message="An invitation expires after it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__lte", models.F("created_at") + datetime.timedelta(days=91))),
                        name="invitations_life_check",
                        violation_error_message="An invitation ends within 90 days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("declined_at", None), _connector="OR"),
                        name="invitations_answer_check",
                        violation_error_message="An invitation is accepted or declined, not both.",
                    ),
                ],
            },
        ),
    ]
