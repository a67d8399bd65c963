"""The directory endpoints of Graph: people, groups, principals, licences."""
