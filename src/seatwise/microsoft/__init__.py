"""Every wire to Microsoft; knows no data set."""
