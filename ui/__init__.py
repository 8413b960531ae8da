"""What people use: the command line and the page in a browser."""
