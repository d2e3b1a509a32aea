/** How a group is formed. */
export interface GroupOptions<In> {
  /** Statements under way at once. Two keep the database busy while answers are read; more only make the groups smaller. */
  lanes: number;
  /** Items in one statement at most. */
  size: number;
  /** Items that have a key in common never share a statement; the later one waits for the next. */
  keysOf?: (item: In) => string[];
}

/**
 * Gathers calls that arrive together into one statement: one commit for many is many times faster than one each. The first of a
 * group waits for the end of this turn of the event loop and no longer, so a single call costs no delay.
 */
export class Grouped<In, Out> {
  private waiting: { item: In; resolve: (out: Out) => void; reject: (error: unknown) => void }[] = [];
  private busy = 0;
  private scheduled = false;

  constructor(
    private readonly run: (items: In[]) => Promise<readonly Out[]>,
    private readonly options: GroupOptions<In>,
  ) {}

  /** Rejects with the statement's error when its group fails. */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        this.flush();
      });
    });
  }

  private flush(): void {
    while (this.busy < this.options.lanes && this.waiting.length > 0) {
      const group = this.take();
      this.busy += 1;
      void this.run(group.map((call) => call.item))
        .then(
          (outs) => group.forEach((call, i) => call.resolve(outs[i] as Out)),
          (error: unknown) => group.forEach((call) => call.reject(error)),
        )
        .finally(() => {
          this.busy -= 1;
          this.flush();
        });
    }
  }

  private take(): typeof this.waiting {
    const { keysOf, size } = this.options;
    if (!keysOf) return this.waiting.splice(0, size);
    const taken = new Set<string>();
    const group: typeof this.waiting = [];
    const left: typeof this.waiting = [];
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
