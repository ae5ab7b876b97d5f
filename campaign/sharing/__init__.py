"""What supporters pass on: pictures for shared links, posters, codes for cameras."""
