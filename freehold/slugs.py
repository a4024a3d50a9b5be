"""Slugs: what a CHECK and a form accept as one."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"

validate_slug = RegexValidator(
    PATTERN, _("Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.")
)
