"""Video in, the stretches that become reels out."""
