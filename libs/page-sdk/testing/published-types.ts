import type { Mode, Reason, Status } from '#libs/core';
import type { AnswerCode, ConnectCode, Envelope, Publish, SessionView } from '#libs/protocol';
import type * as published from '../src/types.ts';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

type AllTrue<Checks extends true[]> = Checks;

/** The published types import nothing, so that an npm package can carry them. This compiles only while they are those of the wire. */
export type SameAsOnTheWire = AllTrue<
  [
    Same<published.Status, Status>,
    Same<published.Mode, Mode>,
    Same<published.Reason, Reason>,
    Same<published.SessionView, SessionView>,
    Same<published.Publish, Publish>,
    Same<published.Envelope, Envelope>,
    Same<published.ErrorCode, AnswerCode | ConnectCode>,
  ]
>;
