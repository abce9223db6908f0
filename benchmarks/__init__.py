"""What the claims about freshness and speed rest on: simulated homes, rivals, and the real planner."""
