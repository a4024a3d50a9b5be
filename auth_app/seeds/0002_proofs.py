"""Accounts elsewhere and telephone numbers of the demo people."""

from auth_app.seeds import proofs
from freehold.seeds import Rows, Seed

SEED = Seed(
    kind="demo",
    depends=("auth_app.0001_users",),
    rows=(
        Rows(
            "auth_app.OAuthAccount",
            key=("provider", "subject"),
            fields=proofs.AccountRow._fields,
            references={"user": ("email",)},
            read=proofs.list_accounts,
        ),
        Rows(
            "auth_app.PhoneVerification",
            key=("number", "purpose"),
            fields=proofs.VerificationRow._fields,
            references={"user": ("email",)},
            read=proofs.list_verifications,
        ),
    ),
    sources=(proofs,),
)
