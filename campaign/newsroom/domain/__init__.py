"""Every change of what the newsroom publishes."""
