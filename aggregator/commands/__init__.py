"""What each command does between the parsing in ``aggregator.cli`` and the rooms: call, then print."""
