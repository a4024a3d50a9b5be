"""What is done to runs: they come in, are counted, and go after their time."""
