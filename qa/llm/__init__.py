"""The language model, in this process or on a server; the queue before it and the stream from it."""
