"""What reads a question and a sentence together: docs/reader.md."""
