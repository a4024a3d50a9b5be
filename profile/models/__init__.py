"""The models of profile: how people present themselves."""

from profile.models.profile import Profile

__all__ = ["Profile"]
