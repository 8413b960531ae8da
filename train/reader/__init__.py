"""Teaching the reader: which sentences answer, and which claims follow (docs/reader.md)."""
