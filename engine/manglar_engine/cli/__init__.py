"""The command line: files in, an answer out, one sentence when something is wrong."""
