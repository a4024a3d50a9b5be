"""Runs to try the site with."""
