import type { StreamCount } from '#libs/liveperson';

/** Something that the bridge cannot work without. `check` resolves while it works. */
export interface Dependency {
  name: string;
  check: () => Promise<unknown>;
}

export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: Record<string, 'ok' | 'failing' | 'stopping'>;
  /** What is worth knowing and decides nothing: the platforms' outages are not ours. */
  streams: readonly StreamCount[];
}

const PATIENCE_MS = 1500;

/** Whether the bridge can take work. */
export class Health {
  stopping = false;

  constructor(
    private readonly dependencies: readonly Dependency[],
    private readonly streams: () => readonly StreamCount[] = () => [],
  ) {}

  /** From now on it is not ready, so that whoever routes work here stops doing so. */
  stop(): void {
    this.stopping = true;
  }

  async readiness(): Promise<Readiness> {
    if (this.stopping) return { status: 'unavailable', checks: { bridge: 'stopping' }, streams: [] };
    const checks = await Promise.all(
      this.dependencies.map(async ({ name, check }) => [name, (await answers(check)) ? 'ok' : 'failing'] as const),
    );
    return {
      status: checks.every(([, state]) => state === 'ok') ? 'ok' : 'unavailable',
      checks: Object.fromEntries(checks),
      streams: this.streams(),
    };
  }
}

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const checked = check().then(
    () => true,
    () => false,
  );
  return Promise.race([checked, late]).finally(() => clearTimeout(timer));
}
