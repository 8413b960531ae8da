"""The language model: in this process or on a server, the queue before it, the stream from it."""
