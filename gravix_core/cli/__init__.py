"""The command line: the same deeds as the dashboard, for scripts and tests."""
