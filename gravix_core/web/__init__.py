"""What stands around the dashboard: who may come in, what is served beside it, when it ends."""

from gravix_core.web.guard import Guard, guards
from gravix_core.web.lifespan import lifespan, lifespan_of, stopping
from gravix_core.web.routes import routes

__all__ = ["Guard", "guards", "lifespan", "lifespan_of", "routes", "stopping"]
