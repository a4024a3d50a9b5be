"""What everyone refers to: categories and locations."""
