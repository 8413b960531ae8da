"""What every request to the page passes through."""
