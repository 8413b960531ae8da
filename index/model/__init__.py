"""What reads text into numbers: the encoder, and what it was taught."""
