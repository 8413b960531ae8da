"""What every request to the page passes through: who may read, what may be called, how much of it."""
