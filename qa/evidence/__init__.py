"""Hits to scored sentences, and the decision whether any of them answers."""
