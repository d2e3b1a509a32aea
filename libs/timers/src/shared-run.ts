/** Runs its work once at a time. Who asks while it runs gets the next run, together with all others who ask meanwhile. */
export class SharedRun<T> {
  private current: Promise<T> | null = null;
  private next: Promise<T> | null = null;

  constructor(private readonly work: () => Promise<T>) {}

  /** A run that begins after this call. */
  run(): Promise<T> {
    if (this.current === null) return this.begin();
    this.next ??= this.current.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  private begin(): Promise<T> {
    this.next = null;
    const run = this.work().finally(() => {
      if (this.next === null) this.current = null;
    });
    this.current = run;
    return run;
  }
}
