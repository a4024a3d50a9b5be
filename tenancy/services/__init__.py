"""What is done to tenants' things."""
