"""The models of schema auth."""

from auth_app.models.oauth_account import OAuthAccount
from auth_app.models.phone_verification import PhoneVerification
from auth_app.models.session import Session
from auth_app.models.user import User

__all__ = ["OAuthAccount", "PhoneVerification", "Session", "User"]
