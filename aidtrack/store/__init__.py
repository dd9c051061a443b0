"""The database: typed mappings, engine, the two transaction scopes, journal capture, migrations."""
