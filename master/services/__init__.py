"""What is done to master data."""
