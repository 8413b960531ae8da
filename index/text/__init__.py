"""Canonical text, and what can be told from text alone: language, sentences, passages, words, copies."""
