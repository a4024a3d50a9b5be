"""Compares the history with the code and with Django's own record, and writes down who accepts a difference."""
