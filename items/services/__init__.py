"""What is done to items and to what hangs on them."""
