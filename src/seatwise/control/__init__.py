"""What people decide: connections, runs, and the two doors through which work starts and questions are asked."""
