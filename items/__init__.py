"""What people offer: items, their images, favorites."""
