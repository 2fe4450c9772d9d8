# Two writers and a reader on one database with a write-ahead log: locks, shared memory, checkpoints.
set -e
sqlite3 base 'PRAGMA journal_mode = WAL; CREATE TABLE notes (id INTEGER PRIMARY KEY, writer TEXT);'
writer() {
  for _ in 1 2 3 4 5; do
    sqlite3 -cmd '.timeout 20000' base "BEGIN IMMEDIATE;
      INSERT INTO notes (writer) SELECT '$1' FROM generate_series(1, 200); COMMIT;"
  done
}
writer first &
one=$!
writer second &
two=$!
sqlite3 -cmd '.timeout 20000' base 'SELECT count(*) >= 0 FROM notes'
wait $one $two
sqlite3 base 'SELECT writer, count(*) FROM notes GROUP BY writer'
sqlite3 base 'CREATE INDEX names ON notes (writer); PRAGMA wal_checkpoint(TRUNCATE); PRAGMA integrity_check'
sqlite3 base '.backup copy'
sqlite3 copy 'PRAGMA journal_mode = DELETE; DELETE FROM notes WHERE id % 2; VACUUM; SELECT count(*) FROM notes'
sqlite3 copy 'PRAGMA mmap_size = 1000000; SELECT sum(id) FROM notes'
sqlite3 copy "CREATE VIRTUAL TABLE texts USING fts5(body); INSERT INTO texts VALUES ('a grant of one file');
  SELECT count(*) FROM texts WHERE texts MATCH 'grant'"
