"""What services did: runs."""
