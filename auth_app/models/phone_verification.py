"""One-time codes sent to a telephone."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import Record

E164 = r"^\+[1-9][0-9]{6,14}\Z"  # ITU-T E.164: at most 15 digits


class CodePurpose(models.TextChoices):
    """What a code proves a number for."""

    SIGN_IN = "sign_in", _("sign in")
    VERIFY = "verify", _("verify the number")
    RESET = "reset", _("reset the password")


class PhoneVerification(Record):
    """A code that was sent to a number for a purpose; at most one a number and purpose is open."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="phone_verifications",
        verbose_name=_("user"),
        help_text=_("Empty where the number belongs to nobody yet."),
    )
    number = models.CharField(
        _("number"),
        max_length=16,
        validators=[RegexValidator(E164, _("Enter the number in international form, such as +4930901820."))],
        help_text=_("In international form (E.164), such as +4930901820."),
    )
    code_hash = models.CharField(_("code hash"), max_length=128)
    purpose = models.CharField(_("purpose"), max_length=10, choices=CodePurpose.choices)
    attempts = models.SmallIntegerField(
        _("attempts"),
        default=0,
        db_default=0,
        validators=[MinValueValidator(0)],
        help_text=_("How often a wrong code was entered."),
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        db_table = "auth.phone_verifications"
        verbose_name = _("phone verification")
        verbose_name_plural = _("phone verifications")
        constraints = [
            models.UniqueConstraint(
                fields=["number", "purpose"],
                condition=models.Q(used_at__isnull=True),
                name="phone_verif_open_uniq",
                violation_error_message=_("A code for this number and purpose is open already."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=E164),
                name="phone_verif_number_check",
                violation_error_message=_("The number is in international form, such as +4930901820."),
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=CodePurpose.values),
                name="phone_verif_purpose_check",
                violation_error_message=_("The purpose is one of sign_in, verify, reset."),
            ),
            models.CheckConstraint(
                condition=models.Q(attempts__gte=0),
                name="phone_verif_attempts_check",
                violation_error_message=_("Attempts are 0 or more."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="phone_verif_expires_at_check",
                violation_error_message=_("A code expires after it was made."),
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__gte=models.F("created_at")),
                name="phone_verif_used_at_check",
                violation_error_message=_("A code is not used before it was made."),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="phone_verif_user_idx"),
            models.Index(fields=["-created_at"], name="phone_verif_created_at_idx"),
            models.Index(fields=["expires_at"], name="phone_verif_expires_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.get_purpose_display()}"
