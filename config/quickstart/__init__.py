"""What `manage.py quickstart` does beside the engine's commands: demo data, a free port, a web server of its own."""
