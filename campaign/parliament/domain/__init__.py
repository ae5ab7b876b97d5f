"""Every change of what the team knows of Members, and agreed with them."""
