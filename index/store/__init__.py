"""What an index holds: the catalog (SQLite), the segments (Chroma), and how both are checked."""
