"""Chunk, layout and source in; an mp4 that Instagram takes out."""
