"""Speed and quality, measured by anyone on data they have."""
