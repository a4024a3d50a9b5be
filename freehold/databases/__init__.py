"""Entries of settings.DATABASES: made of a URL, and called by what people can change."""

from freehold.databases.urls import parse_database_url

__all__ = ["parse_database_url"]
