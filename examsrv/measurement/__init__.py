"""Statistics about marks and examiners (numpy and scipy live here and in assembly); each file names its source."""
