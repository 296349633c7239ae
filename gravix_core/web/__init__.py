"""What stands around the dashboard: who may come in, what starts and stops with it."""

from gravix_core.web.guard import Guard, guards
from gravix_core.web.lifespan import lifespan, lifespan_of, stopping

__all__ = ["Guard", "guards", "lifespan", "lifespan_of", "stopping"]
