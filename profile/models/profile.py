"""How people present themselves."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import (
    CountedVersion,
    CurrentUser,
    Has,
    Policy,
    Record,
    Updated,
    Versioned,
    is_object,
    is_short,
    validate_object,
)

LOCALE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z"  # RFC 5646: language, script, region

LONGEST_PREFERENCES = 262_144  # bytes; what people themselves set is a fourth of it (profile.services.profile)


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names an entry of the IANA time zone database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(value)s is no time zone: enter one such as Europe/Berlin."), code="time_zone", params={"value": value}
        )


class Profile(Versioned, Updated, Record):
    """What a user shows of themselves, and how they like to be served; one a user."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        related_name="profile",
        verbose_name=_("user"),
    )
    display_name = models.CharField(_("name shown"), max_length=150, blank=True, default="", db_default="")
    bio = models.TextField(_("about"), blank=True, default="", db_default="")
    avatar_url = models.URLField(_("picture"), max_length=2000, blank=True, default="", db_default="")
    locale = models.CharField(
        _("locale"),
        max_length=12,
        default="en",
        db_default="en",
        validators=[RegexValidator(LOCALE, _("Enter a language tag, such as en or pt-BR."))],
        help_text=_("Language tag (RFC 5646), such as en or pt-BR."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        db_default="UTC",
        validators=[validate_time_zone],
        help_text=_("Entry of the IANA time zone database, such as Europe/Berlin."),
    )
    preferences = models.JSONField(
        _("preferences"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[validate_object],
        help_text=_("A JSON object."),
    )

    policies = (
        Policy("own", service="api", using=models.Q(user_id=CurrentUser())),
        Policy(
            "sellers_reading",  # whoever has something on offer shows their name beside it
            service="api",
            command="select",
            using=Has("items.Item", models.Q(user_id=models.OuterRef("user_id"), is_active=True)),
        ),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.profiles"
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(locale__regex=LOCALE),
                name="profiles_locale_check",
                violation_error_message=_("The locale is a language tag, such as en or pt-BR."),
            ),
            models.CheckConstraint(
                condition=~models.Q(time_zone=""),
                name="profiles_time_zone_check",
                violation_error_message=_("The time zone can't be empty."),
            ),
            models.CheckConstraint(
                condition=is_object("preferences"),
                name="profiles_preferences_check",
                violation_error_message=_("Preferences are a JSON object."),
            ),
            models.CheckConstraint(
                condition=is_short("preferences", LONGEST_PREFERENCES),
                name="profiles_preferences_short",
                violation_error_message=_("Preferences are a JSON object of at most 256 KiB."),
            ),
            CountedVersion(name="profiles_version_counted"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="profiles_created_at_idx")]

    def __str__(self) -> str:
        return self.display_name or f"profile of {self.created_at:%Y-%m-%d}"
