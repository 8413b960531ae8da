"""Files to articles, in a process that can be killed."""
