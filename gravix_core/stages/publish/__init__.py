"""Reel in, post out."""
