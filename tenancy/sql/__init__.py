"""Written by `manage.py compilesql`: a module for each folder; do not edit."""
