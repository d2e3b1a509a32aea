/** How a group is formed. */
export interface GroupOptions<In> {
  /** Statements under way at once. Two keep the database busy while answers are read; more only make the groups smaller. */
  lanes: number;
  /** Items in one statement at most. */
  size: number;
  /** A statement begins no sooner than this after the one before it, so that under load fewer and larger ones are made. */
  restMs?: number;
  /** Items that have a key in common never share a statement; the later one waits for the next. */
  keysOf?: (item: In) => string[];
}

interface Call<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/** SQLSTATE 22 (data that is not what it should be) and 54 (more than there is room for): the fault of one item. */
const OF_ONE_ITEM = /^(22|54)/;

/**
 * Gathers calls that arrive together into one statement: one commit for many is many times faster than one each. The first of a
 * group waits for the end of this turn of the event loop and, after a rest, no longer: a single call costs no delay. An item that the
 * database refuses to take spoils no other of its group: a statement is all or nothing, so halves of it are tried again.
 */
export class Grouped<In, Out> {
  private waiting: Call<In, Out>[] = [];
  private busy = 0;
  private scheduled = false;
  private begunAt = -Infinity;

  constructor(
    private readonly run: (items: In[]) => Promise<readonly Out[]>,
    private readonly options: GroupOptions<In>,
  ) {}

  /** Rejects with the statement's error when its group fails. */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.scheduled) return;
      this.flushAfter(setImmediate);
    });
  }

  /** Flushes after a rest, or as soon as `soon` calls back where none is due. */
  private flushAfter(soon: (flush: () => void) => void): void {
    this.scheduled = true;
    const flush = (): void => {
      this.scheduled = false;
      this.flush();
    };
    const rest = (this.options.restMs ?? 0) - (performance.now() - this.begunAt);
    if (rest > 0) setTimeout(flush, rest);
    else soon(flush);
  }

  private flush(): void {
    while (this.busy < this.options.lanes && this.waiting.length > 0) {
      const group = this.take();
      this.begunAt = performance.now();
      this.busy += 1;
      void this.settle(group).finally(() => {
        this.busy -= 1;
        if (this.waiting.length > 0 && !this.scheduled) this.flushAfter((flush) => flush());
      });
    }
  }

  private async settle(group: readonly Call<In, Out>[]): Promise<void> {
    try {
      const outs = await this.run(group.map((call) => call.item));
      group.forEach((call, i) => call.resolve(outs[i] as Out));
    } catch (error) {
      if (group.length === 1 || !OF_ONE_ITEM.test(String((error as { code?: unknown }).code)))
        return group.forEach((call) => call.reject(error));
      const half = Math.ceil(group.length / 2);
      await this.settle(group.slice(0, half));
      await this.settle(group.slice(half));
    }
  }

  private take(): Call<In, Out>[] {
    const { keysOf, size } = this.options;
    if (!keysOf) return this.waiting.splice(0, size);
    const taken = new Set<string>();
    const group: Call<In, Out>[] = [];
    const left: Call<In, Out>[] = [];
    for (const call of this.waiting) {
      const keys = keysOf(call.item);
      if (group.length < size && !keys.some((key) => taken.has(key))) group.push(call);
      else left.push(call);
      for (const key of keys) taken.add(key);
    }
    this.waiting = left;
    return group;
  }
}
