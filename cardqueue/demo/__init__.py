"""The demo commune: invented people, the office files that list them, and every known kind of error in those files."""
