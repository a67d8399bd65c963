"""Pages: people, teams and licences."""
