"""Readers: each module reads one kind of file, `read(path, data)`; the registry is `index/read.py`."""
