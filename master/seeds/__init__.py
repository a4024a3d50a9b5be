"""Reference data that everyone refers to."""
