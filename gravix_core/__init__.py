"""Turns long videos into Instagram reels."""
