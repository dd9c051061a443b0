"""Who is who: records that may be one person, and joining those that are."""
