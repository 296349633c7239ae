"""What is said in a reel in, the text of its post out."""
