"""The admin pages of schema auth: people, groups, sessions and the log of what was done here."""

from auth_app.admin.group import GroupAdmin
from auth_app.admin.log_entry import LogEntryAdmin
from auth_app.admin.oauth_account import OAuthAccountAdmin
from auth_app.admin.phone_verification import PhoneVerificationAdmin
from auth_app.admin.session import SessionAdmin
from auth_app.admin.user import GOES_ALONG, UserAdmin

__all__ = [
    "GOES_ALONG",
    "GroupAdmin",
    "LogEntryAdmin",
    "OAuthAccountAdmin",
    "PhoneVerificationAdmin",
    "SessionAdmin",
    "UserAdmin",
]
