"""The measures of a timescale, one file each."""
