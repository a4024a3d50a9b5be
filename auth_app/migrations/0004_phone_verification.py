"""Create auth.phone_verifications."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("auth_app", "0003_oauth_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneVerification",
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Empty where the number belongs to nobody yet.",
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="phone_verifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="In international form (E.164), such as +4930901820.",
                        max_length=16,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+[1-9][0-9]{6,14}\\Z",
                                "Enter the number in international form, such as +4930901820.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("code_hash", models.CharField(max_length=128, verbose_name="code hash")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sign_in", "sign in"),
                            ("verify", "verify the number"),
                            ("reset", "reset the password"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "attempts",
                    models.SmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How often a wrong code was entered.",
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="attempts",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
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
                "verbose_name": "phone verification",
                "verbose_name_plural": "phone verifications",
                "db_table": "auth.phone_verifications",
                "indexes": [
                    models.Index(fields=["user"], name="phone_verif_user_idx"),
                    models.Index(fields=["-created_at"], name="phone_verif_created_at_idx"),
                    models.Index(fields=["expires_at"], name="phone_verif_expires_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=("number", "purpose"),
                        name="phone_verif_open_uniq",
                        violation_error_message="A code for this number and purpose is open already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^\\+[1-9][0-9]{6,14}\\Z")),
                        name="phone_verif_number_check",
                        violation_error_message="The number is in international form, such as +4930901820.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["sign_in", "verify", "reset"])),
                        name="phone_verif_purpose_check",
                        violation_error_message="The purpose is one of sign_in, verify, reset.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__gte", 0)),
                        name="phone_verif_attempts_check",
                        violation_error_message="Attempts are 0 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="phone_verif_expires_at_check",
                        violation_error_message="A code expires after it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at__gte", models.F("created_at"))),
                        name="phone_verif_used_at_check",
                        violation_error_message="A code is not used before it was made.",
                    ),
                ],
            },
        ),
    ]
