"""Pages of the desk on Members: who they are, meetings with them, briefings for them."""
