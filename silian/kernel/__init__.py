"""What every chain stands on: people, record, notices, files, codes, jobs, search, pages."""
