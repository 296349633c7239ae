"""What the server hangs around the dashboard: who may come in, and what starts and stops with it."""

from gravix_core.web.guard import Guard, guards
from gravix_core.web.lifespan import lifespan, stopping

__all__ = ["Guard", "guards", "lifespan", "stopping"]
