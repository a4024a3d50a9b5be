"""What people offer."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, CurrentUser, Policy, Record, Updated, Versioned
from master.models import Category

MAX_PRICE = Decimal("9999999999.99")
CURRENCY = r"^[A-Z]{3}\Z"


class ItemQuerySet(models.QuerySet["Item"]):
    """Items, as they are looked for."""

    def active(self) -> ItemQuerySet:
        """Give those that are on offer."""
        return self.filter(is_active=True)

    def within(self, category: Category) -> ItemQuerySet:
        """Give those of the category and of all categories below it."""
        return self.filter(category__in=Category.objects.within(category))


class Item(Versioned, Updated, Record):
    """Something that a user offers at a price."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="items",
        verbose_name=_("user"),
        help_text=_("Whose item it is."),
    )
    category = models.ForeignKey(
        "master.Category",
        on_delete=models.DO_NOTHING,  # NO ACTION: a category in use can't be deleted
        db_index=False,
        related_name="items",
        verbose_name=_("category"),
    )
    location = models.ForeignKey(
        "master.Location",
        on_delete=models.DO_NOTHING,  # NO ACTION: a location in use can't be deleted
        null=True,
        blank=True,
        db_index=False,
        related_name="items",
        verbose_name=_("location"),
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        db_default="EUR",
        validators=[RegexValidator(CURRENCY, _("Enter three capital letters, such as EUR."))],
        help_text=_("Code of ISO 4217, three capital letters."),
    )
    price_cents = models.GeneratedField(
        verbose_name=_("price in hundredths"),
        expression=Cast(Round(models.F("price") * 100), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
        help_text=_("Of the currency's unit, also where it has no cents: 500 yen are 50000."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, db_default=True, help_text=_("Only active items are shown to others.")
    )

    objects = ItemQuerySet.as_manager()

    policies = (
        Policy("own", service="api", using=models.Q(user_id=CurrentUser())),
        Policy("public_reading", service="api", command="select", using=models.Q(is_active=True)),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.items"
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="items_name_check",
                violation_error_message=_("The name can't be empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(price__range=(0, MAX_PRICE)),  # the upper end keeps out PostgreSQL's NaN
                name="items_price_check",
                violation_error_message=_("The price lies between 0 and 9999999999.99."),
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=CURRENCY),
                name="items_currency_check",
                violation_error_message=_("The currency is three capital letters, such as EUR."),
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1),
                name="items_version_check",
                violation_error_message=_("The version is 1 or more."),
            ),
            CountedVersion(name="items_version_counted"),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="items_created_at_idx"),
            models.Index(fields=["user", "-created_at"], name="items_user_created_at_idx"),
            models.Index(fields=["category", "-created_at"], name="items_category_created_at_idx"),
            models.Index(fields=["location", "-created_at"], name="items_location_created_at_idx"),
            # Not over price: behind policies PostgreSQL uses no index for a comparison of numerics.
            models.Index(fields=["currency", "price_cents", "id"], name="items_price_cents_idx"),
            models.Index(fields=["name", "id"], name="items_name_idx"),
        ]

    def __str__(self) -> str:
        return self.name
