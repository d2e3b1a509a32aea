import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// eslint-disable-next-line typescript/no-explicit-any -- what LivePerson's SDK hands out is looked at as it comes
type Loose = any;

interface Line {
  event?: string;
  data?: Loose;
  id?: number;
  error?: Loose;
  body?: Loose;
}

/** LivePerson's node-agent-sdk in a child process; see `node-agent-sdk.mjs`. Events of each name are handed out in order, once. */
export class NodeAgent {
  private readonly child: ChildProcess;
  private readonly lines: Line[] = [];
  private wake: () => void = () => {};
  private id = 0;
  private said = '';

  /** `caFile` is the certificate that the SDK shall trust, beside the usual ones. */
  constructor(conf: Record<string, unknown>, caFile: string) {
    this.child = spawn(process.execPath, ['--no-deprecation', join(__dirname, 'node-agent-sdk.mjs')], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.child.once('exit', () => this.wake());
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.wake();
    });
    this.write(conf);
  }

  async call(method: string, body: unknown): Promise<{ error: Loose; body: Loose }> {
    this.id += 1;
    const { id } = this;
    this.write({ id, method, body });
    const { error, body: answer } = await this.take((line) => line.id === id);
    return { error, body: answer };
  }

  /** Fetches a new bearer and opens the socket again. */
  reconnect(): void {
    this.write({ method: 'reconnect' });
  }

  async next(event: 'connected' | 'closed' | 'error' | 'change' | 'message'): Promise<Loose> {
    return (await this.take((line) => line.event === event)).data;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  private write(line: unknown): void {
    this.child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  private async take(match: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const index = this.lines.findIndex(match);
      if (index >= 0) return this.lines.splice(index, 1)[0] as Line;
      if (this.child.exitCode !== null) throw new Error(`The SDK's process ended:\n${this.said.slice(-4000)}`);
      await new Promise<void>((resolve) => {
        const before = this.wake;
        this.wake = () => {
          before();
          this.wake = () => {};
          resolve();
        };
      });
    }
  }
}
