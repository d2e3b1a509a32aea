import type { FromPage } from '#libs/protocol';
import { BridgeError } from '../domain/bridge-error.ts';

/** What a page can ask of the bridge, what it says with it, and what the bridge says to that. */
export type Ask = keyof FromPage;
export type RequestOf<Kind extends Ask> = Parameters<FromPage[Kind]>[0];
export type AnswerTo<Kind extends Ask> = Parameters<Parameters<FromPage[Kind]>[1]>[0];

/** The wire as far as answers need it. */
export interface AnswerLine {
  isOpen(): boolean;
  send<Kind extends Ask>(kind: Kind, request: RequestOf<Kind>, acknowledge: (answer: AnswerTo<Kind>) => void): void;
  /** Closes the connection, and another is made. */
  drop(): void;
}

export interface Answers {
  /** Resolves with what the bridge said; rejects with `unavailable` when it said nothing. Asked again meanwhile, it is the same question. */
  ask<Kind extends Ask>(kind: Kind, request: RequestOf<Kind>): Promise<AnswerTo<Kind>>;
  /** A new connection stands. */
  opened(): void;
  dropped(): void;
  /** Rejects every open question, and each that is asked from now on. */
  close(error: BridgeError): void;
}

interface Question {
  kind: Ask;
  request: never;
  sends: number;
  /** Sent on the connection that stands. */
  underway: boolean;
  patience?: ReturnType<typeof setTimeout>;
  settle: (outcome: AnswerTo<Ask> | BridgeError) => void;
  answer: Promise<AnswerTo<Ask>>;
}

/** How long an acknowledgement, and how long a new connection, is waited for. */
const PATIENCE_MS = 10_000;

/** A question whose answer was lost is sent once more: the bridge says yes again to the page that has said it. */
const MOST_SENDS = 2;

export function createAnswers(line: AnswerLine): Answers {
  const questions = new Map<string, Question>();
  let closed: BridgeError | undefined;

  function open(kind: Ask, request: object): Question {
    const key = `${kind} ${JSON.stringify(request)}`;
    const same = questions.get(key);
    if (same) return same;
    const question = { kind, request, sends: 0, underway: false } as unknown as Question;
    question.answer = new Promise((resolve, reject) => {
      question.settle = (outcome) => {
        clearTimeout(question.patience);
        questions.delete(key);
        if (outcome instanceof BridgeError) reject(outcome);
        else resolve(outcome);
      };
    });
    questions.set(key, question);
    wait(question);
    if (line.isOpen()) send(question);
    return question;
  }

  function wait(question: Question): void {
    clearTimeout(question.patience);
    question.patience = setTimeout(() => {
      question.settle(new BridgeError('unavailable', 'The bridge did not answer in time.'));
      // Asked once more, the bridge says what there is to publish on another connection only.
      if (question.underway) line.drop();
    }, PATIENCE_MS);
  }

  function send(question: Question): void {
    question.sends++;
    question.underway = true;
    wait(question);
    line.send(question.kind, question.request, question.settle);
  }

  return {
    ask: <Kind extends Ask>(kind: Kind, request: RequestOf<Kind>) => (closed ? Promise.reject(closed) : open(kind, request).answer),
    opened() {
      for (const question of questions.values()) if (!question.underway) send(question);
    },
    dropped() {
      for (const question of questions.values()) {
        question.underway = false;
        if (question.sends < MOST_SENDS) wait(question);
        else question.settle(new BridgeError('unavailable', 'The connection to the bridge was lost before it answered.'));
      }
    },
    close(error) {
      closed = error;
      for (const question of questions.values()) question.settle(error);
    },
  };
}
