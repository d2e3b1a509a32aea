import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';

describe('connections to the database', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let line: Line;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres();
    line = await Line.to(server.url);
    database = await openDatabase(line.url, () => {});
  });
  afterAll(async () => {
    await database.close();
    line.close();
    await server.stop();
  });

  it('that fall silent are given up, and others are made', async () => {
    await database.pool.query('SELECT 1');
    line.fallSilent();
    await expect(database.pool.query('SELECT 1')).rejects.toThrow('timeout');
    await expect(database.pool.query('SELECT 1 AS n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });
});

/** What stands between a bridge and its database: a router, a balancer, a pod that moves. */
class Line {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(databaseUrl: string): Promise<Line> {
    const target = new URL(databaseUrl);
    const path = join(target.searchParams.get('host') ?? '', '.s.PGSQL.5432');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target.searchParams.delete('host');
    target.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const line = new Line(server, target.href);
    server.on('connection', (near) => {
      const far = connect(path);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.sockets.add(one.once('close', () => other.destroy()).on('error', () => {}));
        one.pipe(other);
      }
    });
    return line;
  }

  /** Connections stay open and say nothing any more; new ones work. */
  fallSilent(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
