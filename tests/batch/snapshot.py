from ..table_hash import TABLES, hash_query


def snapshot(env):
    """A hash of the rows of each table that an undo must put back: {table: text}."""
    env.flush_all()
    env.cr.execute(TABLES)
    hashes = {}
    for (table,) in env.cr.fetchall():
        env.cr.execute(hash_query(table))
        hashes[table] = env.cr.fetchone()[0]
    return hashes
