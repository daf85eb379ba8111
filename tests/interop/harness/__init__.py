"""What runs the clients against ensembles of servers, and compares what they saw."""
