"""From a path in a synced folder to a sealed recording."""
