"""What an installation is lacking, in words: one small function for each thing to look at. Nothing is changed by looking."""
