"""A folder to an index."""
