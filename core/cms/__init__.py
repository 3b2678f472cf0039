"""Newsrooms' own systems."""
