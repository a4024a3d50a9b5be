"""Pictures of an item."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, CurrentUser, Policy, Record, Through, Versioned, Within
from items.models.address import AddressField


class ItemImage(Versioned, Record):
    """A picture of an item, by its address, at its place in the order."""

    item = models.ForeignKey(
        "items.Item",
        on_delete=models.DB_CASCADE,
        db_index=False,  # item_images_item_position_uniq begins with it
        related_name="images",
        verbose_name=_("item"),
    )
    url = AddressField(_("address"), max_length=2000, help_text=_("Where the picture lies on the web."))
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("What the picture shows, for those who can't see it."),
    )
    position = models.IntegerField(
        _("position"),
        default=0,
        db_default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Order within the item, smallest first."),
    )

    policies = (
        Policy("own", service="api", using=Within("item", models.Q(user_id=CurrentUser()))),
        Policy("public_reading", service="api", command="select", using=Through("item", models.Q(is_active=True))),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.item_images"
        verbose_name = _("item image")
        verbose_name_plural = _("item images")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "position"],
                name="item_images_item_position_uniq",
                violation_error_message=_("The item has an image at this position."),
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=0),
                name="item_images_position_check",
                violation_error_message=_("The position is 0 or more."),
            ),
            models.CheckConstraint(
                condition=~models.Q(url=""),
                name="item_images_url_check",
                violation_error_message=_("The address can't be empty."),
            ),
            CountedVersion(name="item_images_version_counted"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="item_images_created_at_idx")]

    def __str__(self) -> str:
        return self.alt or self.url
