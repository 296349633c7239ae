"""``python -m gravix_core``: arguments in, an exit code out."""

import sys

from gravix_core.cli.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
