"""The models of tenancy: who works together, on what, with which keys."""

from tenancy.models.api_key import ApiKey
from tenancy.models.idempotency_key import IdempotencyKey
from tenancy.models.invitation import Invitation
from tenancy.models.membership import Membership
from tenancy.models.project import Project
from tenancy.models.service_token import ServiceToken
from tenancy.models.tenant import Tenant

__all__ = ["ApiKey", "IdempotencyKey", "Invitation", "Membership", "Project", "ServiceToken", "Tenant"]
