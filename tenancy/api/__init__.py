"""Tenants, who belongs to them, and what they work on, at the JSON API (docs/api-v1.md)."""

from tenancy.api import api_key, invitation, membership, project, tenant

ROUTES = [*tenant.ROUTES, *membership.ROUTES, *project.ROUTES, *api_key.ROUTES, *invitation.ROUTES]
