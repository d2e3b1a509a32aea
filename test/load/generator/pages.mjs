import { setTimeout as sleep } from 'node:timers/promises';
import { openWebSocket } from './websocket.mjs';

const CONNECTING_AT_ONCE = 50;
const READY_WITHIN_MS = 60_000;

/** The open pages of a target, one for each visitor. */
export class Pages {
  #links = [];
  #ready = 0;
  #trouble = null;

  /** `heard` gets the bytes of every pushed event. */
  constructor(target, heard) {
    this.target = target;
    this.heard = heard;
  }

  /** Opens pages until there are `count`. Throws when one is refused, or drops out later. */
  async grow(count) {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (this.#ready < count) {
      while (this.#links.length < count && this.#links.length - this.#ready < CONNECTING_AT_ONCE)
        this.#links.push(this.#open(this.#links.length));
      await sleep(2);
      this.check();
      if (performance.now() > deadline) throw new Error(`Only ${this.#ready} of ${count} pages of ${this.target.name} became ready.`);
    }
  }

  check() {
    if (this.#trouble !== null) throw new Error(`A page of ${this.target.name} was lost: ${this.#trouble}`);
  }

  close() {
    for (const link of this.#links.splice(0)) link.close();
  }

  #open(page) {
    const { path, opened, read } = this.target.door(page);
    let ready = false;
    const take = (news, frame) => {
      if (news === 'event') this.heard(frame);
      else if (news === 'ready' && !ready) {
        ready = true;
        this.#ready++;
      }
    };
    return openWebSocket({
      port: this.target.port,
      path,
      opened: () => take(opened?.()),
      heard: (frame, link) => take(read(frame, link), frame),
      closed: (why) => {
        if (this.#links.length > 0) this.#trouble ??= why;
      },
    });
  }
}
