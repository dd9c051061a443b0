"""Paper and tables: drawn from frozen figures, never from the database."""
