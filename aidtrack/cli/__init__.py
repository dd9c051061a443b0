"""The command line: an adapter over the services, with no rules of its own. Only `main` opens a database."""
