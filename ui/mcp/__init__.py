"""The engine as an MCP server: tools with which a language model asks, searches and reads articles."""
