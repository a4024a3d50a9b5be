"""Tenants to try the site with."""
