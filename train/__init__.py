"""From material to weights: whatever the encoder is taught, one command makes it."""
