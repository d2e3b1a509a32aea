import { BridgeError } from '../domain/bridge-error.ts';
import { createListeners, isEventName } from '../domain/listeners.ts';
import type { Bridge, StartOptions } from '../types.ts';
import { complain, contain } from './contain.ts';
import type { AnswerKind } from './given-answers.ts';
import { openPage, type Page } from './page.ts';
import { readSettings, type Script } from './settings.ts';

/** One bridge per document: starting again, for another visitor say, ends the one before. */
let running: Bridge | undefined;

/** The public `start`. */
export function start(options: StartOptions, script: Script): Bridge {
  running?.stop();
  const listeners = createListeners(complain);
  const report = (error: BridgeError) => {
    if (listeners.tell('error', error.toEvent()) === 0) complain(`${error.code}: ${error.message}`);
  };
  let page: Page | undefined;
  let ended: BridgeError | undefined;

  const there = (): Page => {
    if (page) return page;
    throw ended as BridgeError;
  };
  const answer = (kind: AnswerKind) => async (sessionId: string) => {
    if (typeof sessionId !== 'string' || sessionId === '') throw new BridgeError('bad_request', `${kind}() needs the id of a session.`);
    return there().answer(kind, sessionId);
  };
  const topicOf = (help?: { topic?: string }): string | undefined => {
    const topic: unknown = help?.topic;
    if (topic === undefined || typeof topic === 'string') return topic;
    throw new BridgeError('bad_request', 'A `topic` is a string.');
  };

  const bridge: Bridge = {
    on(event, handler) {
      if (isEventName(event) && typeof handler === 'function') return listeners.add(event, handler);
      complain(`on() needs the name of an event and a function, not '${event as string}'.`);
      return () => {};
    },
    accept: answer('accept'),
    decline: answer('decline'),
    end: answer('end'),
    requestHelp: async (help) => there().requests.request(topicOf(help)),
    cancelRequest: async () => there().requests.cancel(),
    createSessionCode: async (help) => there().requests.createCode(topicOf(help)),
    get sessions() {
      return page?.sessions() ?? [];
    },
    stop: contain(() => {
      const stopping = page;
      page = undefined;
      ended ??= new BridgeError('unavailable', 'The bridge was stopped.');
      listeners.clear();
      stopping?.stop(ended);
    }),
  };
  running = Object.freeze(bridge);
  try {
    page = openPage(readSettings(options, script), { bridge, report, tell: listeners.tell });
  } catch (error) {
    const cause = error instanceof BridgeError ? error : new BridgeError('unavailable', `The SDK cannot run here: ${String(error)}`);
    ended = cause;
    // Handlers are added after start() has returned.
    queueMicrotask(contain(() => report(cause)));
  }
  return bridge;
}
