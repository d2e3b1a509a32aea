import { LivePersonHttp } from './liveperson-http.ts';
import { type Listener, type Step, subscribe } from './subscription.ts';
import { StreamTrouble, type TroubleCode } from './trouble.ts';

const PATIENCE_MS = 20_000;

const WORDS: Record<Step, string> = {
  discovery: "Find the account's services",
  login: 'Log in',
  socket: 'Connect to the messaging service',
  subscription: 'Subscribe to conversations',
};

export interface TriedStep {
  step: Step;
  title: string;
  ok: boolean;
  ms: number;
}

export interface Tried {
  ok: boolean;
  /** Null when it worked. */
  code: TroubleCode | null;
  /** In words: what is wrong and what to do about it. */
  message: string;
  /** Those that were tried, in their order. */
  steps: TriedStep[];
}

/** Connects and subscribes once, as a stream would, hangs up and says what happened. Nothing that is heard is taken. Never throws. */
export async function tryStream(base: string, accountId: string, listener: Listener): Promise<Tried> {
  const steps: TriedStep[] = [];
  let began = performance.now();
  const conclude = (ok: boolean): void => {
    const last = steps.at(-1);
    if (last) Object.assign(last, { ok, ms: Math.round(performance.now() - began) });
  };
  const onStep = (step: Step): void => {
    conclude(true);
    began = performance.now();
    steps.push({ step, title: WORDS[step], ok: false, ms: 0 });
  };
  try {
    const ignored = async (): Promise<void> => {};
    const options = { http: new LivePersonHttp(), base, accountId, listener, heardAt: null, onFrame: ignored, onStep };
    const subscription = await subscribe(options, AbortSignal.timeout(PATIENCE_MS));
    conclude(true);
    subscription.close();
    return { ok: true, code: null, message: 'The bridge can log in and hear the conversations of this account.', steps };
  } catch (error) {
    conclude(false);
    const trouble = error instanceof StreamTrouble ? error : new StreamTrouble('unreachable');
    return { ok: false, code: trouble.code, message: trouble.message, steps };
  }
}
