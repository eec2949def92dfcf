"""Rehearsing an examination: virtual people over HTTP against a real server, and whether what was acknowledged is what is stored and marked."""
