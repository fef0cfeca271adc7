"""Who may do what on whose data: users, their role and their scope, sign-in."""
