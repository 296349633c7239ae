"""FFmpeg, probing and files: what the stages stand on."""
