"""URL or file in, video on disk and transcript out."""
