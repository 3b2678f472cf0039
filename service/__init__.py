"""The web door: readers' reports in, the desk and the API out. Never imports the workers."""
