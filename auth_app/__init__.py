"""Who people are: users, sessions, linked accounts, verified phones."""
