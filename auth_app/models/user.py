"""Who can sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, Record, Updated, Versioned


class UserManager(BaseUserManager["User"]):
    """Makes users, and finds them by e-mail address without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Give a new, saved user; without a password nobody can sign in by one.

        Raises:
            ValueError: the e-mail address is blank.
        """
        if not email or not email.strip():
            raise ValueError("A user needs an e-mail address: email is blank")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Give a new, saved user who may do everything in the admin site."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def with_email(self, email: str | None) -> models.QuerySet[User]:
        """Give the users of that e-mail address, none or one; index user_email_lower_uniq carries it."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=Lower(models.Value(email or "")))

    def get_by_natural_key(self, email: str | None) -> User:
        """Give the user of that e-mail address, or raise User.DoesNotExist."""
        return self.with_email(email).get()

    async def aget_by_natural_key(self, email: str | None) -> User:
        """Give the same without blocking."""
        return await self.with_email(email).aget()


class User(Versioned, Updated, Record, AbstractBaseUser, PermissionsMixin):
    """A person with an account. Other schemas refer to it by `id` alone; deleting it deletes what hangs on it."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    display_name = models.CharField(_("display name"), max_length=150, blank=True, default="", db_default="")
    is_active = models.BooleanField(
        _("active"), default=True, db_default=True, help_text=_("Untick this instead of deleting an account.")
    )
    is_staff = models.BooleanField(
        _("staff"), default=False, db_default=False, help_text=_("May sign in to the admin site.")
    )

    objects = UserManager()

    # Two may sign in at once, or choose a password while somebody edits the row: that overwrites nothing else.
    unchecked = ("last_login", "password", "updated_at")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "auth.user"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            # The second implies the first; Django asks for the first (auth.E003), and its index carries the ordering.
            models.UniqueConstraint(
                fields=["email"],
                name="user_email_uniq",
                violation_error_message=_("A user with this e-mail address exists."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_lower_uniq",
                violation_error_message=_("A user with this e-mail address in another spelling of case exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__contains="@"),
                name="user_email_check",
                violation_error_message=_("An e-mail address has an @."),
            ),
            CountedVersion(name="user_version_counted"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="user_created_at_idx")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the address into its normal form: no blanks around it, the domain in lower case."""
        super().clean()
        self.email = User.objects.normalize_email(self.email)

    def get_full_name(self) -> str:
        """Give the name to show."""
        return self.display_name or self.email

    def get_short_name(self) -> str:
        """Give the name to show; the admin site asks for it."""
        return self.get_full_name()
