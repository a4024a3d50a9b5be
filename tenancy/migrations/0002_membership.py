"""Create app.memberships."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_tenant"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
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
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="memberships",
                        to="tenancy.tenant",
                        verbose_name="tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("admin", "admin"), ("member", "member"), ("viewer", "viewer")],
                        db_default="member",
                        default="member",
                        max_length=10,
                        verbose_name="role",
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
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "db_table": "app.memberships",
                "indexes": [
                    models.Index(fields=["user"], name="memberships_user_idx"),
                    models.Index(fields=["-created_at"], name="memberships_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "user"),
                        name="memberships_tenant_user_uniq",
                        violation_error_message="This user is a member of this tenant already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "admin", "member", "viewer"])),
                        name="memberships_role_check",
                        violation_error_message="The role is one of owner, admin, member, viewer.",
                    ),
                ],
            },
        ),
    ]
