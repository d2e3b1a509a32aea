import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Account, Bridge } from '#libs/core';
import { Problem } from '#libs/protocol';
import { type HookAnswer, type HookResult, toResult } from './hook-answer.ts';
import { isReadable, MOST_DIALOGS, MOST_OPEN_COBROWSE_DIALOGS, readChange, type Reading } from './read-conversation.ts';
import { type Notification, parseBody, readNotification } from './read-notification.ts';

/** Longest stretch of reading before other requests get their turn. */
const SLICE_MS = 5;

/** Conversations handled at once; those of one turn share the store's statements. */
const CONVERSATIONS_AT_ONCE = 64;

/** Commands decided at once. A conversation that lists hundreds of ended dialogs is decided in pieces, or it would hold up the others. */
const COMMANDS_AT_ONCE = 50;

/** Takes LivePerson's notifications, whatever brought them, to the bridge. */
@Injectable()
export class NotificationIntake {
  /** The last that is under way in each conversation. */
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(private readonly bridge: Bridge) {}

  /**
   * `frame` is a body's raw bytes or a frame that is parsed already. What it answers is durable. Throws `invalid_json` or
   * `bad_request` when nothing of it can be read, with nothing stored; when a conversation could not be handled, throws that
   * error after the others are done, so that the sender tries again.
   */
  async take(account: Account, frame: unknown): Promise<HookAnswer> {
    const notification = readNotification(Buffer.isBuffer(frame) ? parseBody(frame) : frame);
    if (notification === null) return { changes: 0, results: [] };
    const readings = await readAll(notification, account);
    return { changes: notification.changes.length, results: await this.handleAll(account, readings) };
  }

  private async handleAll(account: Account, readings: readonly Reading[]): Promise<HookResult[]> {
    const conversations = byConversation(readings);
    const results: HookResult[][] = [];
    const failures: unknown[] = [];
    for (let at = 0; at < conversations.length; at += CONVERSATIONS_AT_ONCE) {
      const slice = conversations.slice(at, at + CONVERSATIONS_AT_ONCE);
      for (const outcome of await Promise.allSettled(slice.map((ours) => this.inLine(account, ours)))) {
        if (outcome.status === 'fulfilled') results.push(outcome.value);
        else failures.push(outcome.reason);
      }
    }
    if (failures.length > 0) throw failures[0];
    return results.flat();
  }

  /** What came of a conversation in several frames at once is decided in the order in which it was read. */
  private inLine(account: Account, readings: readonly Reading[]): Promise<HookResult[]> {
    const key = `${account.id}\n${readings[0]?.conversationId}`;
    const handle = (): Promise<HookResult[]> => this.handleInOrder(account, readings);
    const before = this.lines.get(key);
    const mine = (before ? before.then(handle, handle) : handle()).finally(() => {
      if (this.lines.get(key) === mine) this.lines.delete(key);
    });
    this.lines.set(key, mine);
    return mine;
  }

  private async handleInOrder(account: Account, readings: readonly Reading[]): Promise<HookResult[]> {
    const results: HookResult[][] = [];
    for (const reading of readings) results.push(await this.handle(account, reading));
    return results.flat();
  }

  private async handle(account: Account, { conversationId, steps, ignored }: Reading): Promise<HookResult[]> {
    const results = ignored.map(({ dialogId, code }): HookResult => ({ conversationId, dialogId, outcome: 'ignored', code }));
    if (conversationId === null || steps.length === 0) return results;
    const ref = { accountId: account.id, id: conversationId, conversationId };
    for (let at = 0; at < steps.length; at += COMMANDS_AT_ONCE) {
      const some = steps.slice(at, at + COMMANDS_AT_ONCE);
      const commands = some.map(({ command }) => command);
      for (const [i, verdict] of (await this.bridge.handle(ref, commands, account.settings)).entries()) {
        const dialogId = some[i]?.dialogId ?? null;
        if (dialogId !== null || verdict.outcome === 'changed') results.push(toResult(conversationId, dialogId, verdict));
      }
    }
    return results;
  }
}

/** What concerns us in a notification. A long one is read in slices, and one bad change does not spoil the others. */
async function readAll({ changes, sentAt }: Notification, account: Account): Promise<Reading[]> {
  const reader = { accountId: account.id, agentIdForm: account.settings.agentIdForm, sentAt, now: Date.now() };
  const readings: Reading[] = [];
  let understood = 0;
  let began = performance.now();
  for (const change of changes) {
    // Between two changes, never after the last: a short notification is not overtaken by the one behind it.
    if (performance.now() - began >= SLICE_MS) {
      await setImmediate();
      began = performance.now();
    }
    const reading = readChange(change, reader);
    if (isReadable(reading)) understood++;
    if (reading !== null) readings.push(reading);
  }
  if (understood === 0 && changes.length > 0) {
    throw new Problem(
      'bad_request',
      `None of the ${changes.length} changes can be read: each needs a result with a convId, at most ${MOST_DIALOGS} dialogs, and at most ${MOST_OPEN_COBROWSE_DIALOGS} open COBROWSE dialogs.`,
    );
  }
  return readings;
}

/** In the order in which they are first named. Changes of one conversation are kept together, or they would contend for it. */
function byConversation(readings: readonly Reading[]): Reading[][] {
  const conversations = new Map<string | null, Reading[]>();
  for (const reading of readings) {
    const same = conversations.get(reading.conversationId);
    if (same) same.push(reading);
    else conversations.set(reading.conversationId, [reading]);
  }
  return [...conversations.values()];
}
