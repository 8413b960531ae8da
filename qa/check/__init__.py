"""Whether a written sentence follows from its evidence."""
