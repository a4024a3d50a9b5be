"""What is done to profiles."""
