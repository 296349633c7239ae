"""What the pages ask for: each desk is given what it needs by the studio."""
