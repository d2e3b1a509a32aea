/**
 * What a bridge wants of its PostgreSQL: small, quick to start, and durable. fsync, synchronous_commit and full_page_writes stay on and
 * wal_compression stays off, as they are by default: what was answered is on the disk, and WAL this small is not worth the processor.
 */
const SETTINGS: Record<string, string> = {
  // A unix socket in a private folder is the only door.
  listen_addresses: '',
  unix_socket_permissions: '0700',

  // Room for the live sessions, their indexes and the queue; memory is taken only as it is touched.
  shared_buffers: '64MB',
  max_connections: '60',

  // One machine, one client, all that is hot in memory: no replication and no I/O workers. Each would be an idle process.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',

  // Statements take less time than their compilation would.
  jit: 'off',

  // Checkpoints are seldom, because each makes the next write of a page a full page of WAL, but recovery after a crash
  // takes seconds. Some segments are kept to be written again: a burst does not wait for new files.
  checkpoint_timeout: '15min',
  max_wal_size: '512MB',
  min_wal_size: '96MB',

  // Sessions and jobs are small tables whose every row is soon dead: vacuumed often, they stay small. Counted seldom, 5,000 expiries
  // took twice as long: plans are made by these statistics.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_threshold: '500',
  autovacuum_vacuum_scale_factor: '0.02',
  autovacuum_analyze_threshold: '500',
  autovacuum_analyze_scale_factor: '0.05',

  // Clients hear of their own errors. In the log they would quote statements and rows, which may hold what nobody else should read.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '',
};

/** The server's arguments for a cluster and the folder of its socket. */
export function serverArguments(cluster: string, socketFolder: string): string[] {
  // The folder's setting is a list, in which only quotes make a comma part of a name.
  const socket = { unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"` };
  return ['-D', cluster, ...Object.entries({ ...SETTINGS, ...socket }).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
