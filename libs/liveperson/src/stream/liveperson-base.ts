/** LivePerson's own directory of services (domain API). */
export const LIVEPERSON = 'https://api.liveperson.net';

/** Which directory of services an account is found in. Addresses have no slash at the end. */
export class LivePersonBase {
  private readonly boxes = new Map<string, string>();

  constructor(private readonly url: string = LIVEPERSON) {}

  of(accountId: string): string {
    return this.boxes.get(accountId) ?? this.url;
  }

  /** An account that lives elsewhere, such as the demo's in an emulator. */
  put(accountId: string, url: string): void {
    this.boxes.set(accountId, url);
  }
}
