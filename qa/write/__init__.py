"""Evidence to a written answer."""
