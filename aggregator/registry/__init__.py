"""Who publishes, and where: organisations, their sites, the provinces and the counties, from YAML files.

``load_registry`` reads the bundled files and the user's own; ``Registry`` answers questions about them.
"""

from aggregator.registry.load import load_registry
from aggregator.registry.lookup import Registry
from aggregator.registry.template import new_source_id, render_source_yaml

__all__ = ["Registry", "load_registry", "new_source_id", "render_source_yaml"]
