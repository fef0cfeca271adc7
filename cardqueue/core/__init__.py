"""What every feature stands on: database, audit trail, the HTTP edge, jobs, languages and PDF pages."""
