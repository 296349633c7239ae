"""Source, span and layout in; one crop path out.  Touches no pixel of the reel."""
