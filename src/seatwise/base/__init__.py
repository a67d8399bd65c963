"""What every floor stands on: errors, the clock, logs."""
