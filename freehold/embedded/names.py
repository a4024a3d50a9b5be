"""What is the same in every embedded server."""

HOST = "127.0.0.1"
SUPERUSER = "postgres"
DATABASE = "freehold"
