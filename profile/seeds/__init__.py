"""What the demo people show of themselves."""
