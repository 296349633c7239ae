"""The six rooms that a video visits once, in this order: source, cut, reframe, render, caption,
publish.  No room knows another."""
