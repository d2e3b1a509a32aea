import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { LivePersonBase, StreamSupervisor } from '#libs/liveperson';
import { Problem } from '#libs/protocol';
import { type Brand, type Emulator, startEmulator } from '../../../liveperson-emulator/src/index.ts';
import { DEMO_ACCOUNT_ID, type DemoAccount } from './demo-account.ts';
import type { Overheard } from './overheard.ts';

const SUBSCRIBED_WITHIN_MS = 10_000;

/** The one agent of the demo's account: the bridge listens with its login. */
const AGENT = { name: 'demo-agent', userId: '1001', pid: '6f1d3c52-9a04-5b7e-8c21-4d5e6f708192', seesAll: true };

/**
 * LivePerson's messaging service as the demo has it: an emulator in this process, on a free port that only this machine reaches. It is
 * started when it is first asked for, and ends with the bridge. Its conversations live in memory.
 */
@Injectable()
export class LivePersonBox implements OnModuleInit, OnApplicationShutdown {
  private readonly credentials = { username: AGENT.name, password: randomBytes(24).toString('base64url') };
  private starting: Promise<Emulator> | undefined;
  private opening: Promise<Brand> | undefined;
  private brand: Brand | undefined;

  constructor(
    private readonly account: DemoAccount,
    private readonly base: LivePersonBase,
    private readonly supervisor: Pick<StreamSupervisor, 'refresh'>,
    private readonly overheard: Overheard,
    private readonly patienceMs = SUBSCRIBED_WITHIN_MS,
  ) {}

  /** A bridge that was killed left the login of a box that is no more. */
  onModuleInit(): Promise<void> {
    return this.account.hangUp();
  }

  /** The demo's account at LivePerson, with the bridge listening. Throws `unavailable` when the bridge does not come to listen. */
  async open(): Promise<Brand> {
    this.opening ??= this.begin().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    const brand = await this.opening;
    // An admin may have deleted the account, or changed it.
    await this.account.open({ kind: 'brand', credentials: this.credentials });
    return brand;
  }

  /** Whose conversation it is; undefined when nobody's here. */
  visitorOf(conversationId: string): string | undefined {
    return this.brand?.conversations.get(conversationId)?.consumerId;
  }

  /** What the emulator is turned by; only while `open` has an answer. */
  async knobs(): Promise<Emulator['knobs']> {
    return (await this.emulator()).knobs;
  }

  /** Cuts the agents' sockets as a broken line does. The bridge comes back by itself. */
  async cut(): Promise<void> {
    (await this.emulator()).dropSome({ account: DEMO_ACCOUNT_ID, side: 'agent' });
  }

  /** The bridge hangs up first: nothing of the end is told to it. */
  async onApplicationShutdown(): Promise<void> {
    if (this.starting === undefined) return;
    await this.account.hangUp().catch(() => undefined);
    await this.supervisor.refresh();
    await this.starting.then(
      (emulator) => emulator.stop(),
      () => undefined,
    );
  }

  private async begin(): Promise<Brand> {
    await this.account.open();
    const emulator = await this.emulator();
    this.base.put(DEMO_ACCOUNT_ID, emulator.url);
    const users = [{ ...AGENT, password: this.credentials.password }];
    this.brand ??= emulator.addAccount({ id: DEMO_ACCOUNT_ID, users });
    const subscribed = this.subscribed();
    subscribed.catch(() => undefined);
    await this.account.open({ kind: 'brand', credentials: this.credentials });
    await this.supervisor.refresh();
    await subscribed;
    return this.brand;
  }

  private emulator(): Promise<Emulator> {
    this.starting ??= startEmulator().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private subscribed(): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        clearTimeout(patience);
        stop();
        settle();
      };
      const look = (): void => {
        if (this.overheard.stream?.state === 'subscribed') done(resolve);
      };
      const stop = this.overheard.listen({ notification() {}, answer() {}, stream: look });
      const patience = setTimeout(() => {
        const { state = 'not begun', reason = 'another bridge may hold the stream' } = this.overheard.stream ?? {};
        const problem = new Problem(
          'unavailable',
          `The bridge does not listen to the demo's LivePerson yet: ${state}, ${reason}. Try again.`,
        );
        done(() => reject(problem));
      }, this.patienceMs);
      look();
    });
  }
}
