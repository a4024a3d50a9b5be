"""What the history keeps of what ran, how its rows hang together, and what keeps them from being rewritten."""
