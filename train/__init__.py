"""From material to weights: what the encoder is taught, each by one command."""
