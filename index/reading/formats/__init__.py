"""One module a format, each with `read(path, data)`; `index/reading/registry.py` chooses among them."""
