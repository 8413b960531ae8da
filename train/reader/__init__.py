"""Teaching the reader, which is not part of what is installed yet: docs/reader.md says how far it is."""
