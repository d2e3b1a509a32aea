import { settable } from './cobrowseio-property.ts';
import type { CobrowseIO, CobrowseIOSettings } from './cobrowseio-types.ts';

const UNTIL_START: CobrowseIOSettings = {
  license: '',
  api: '',
  capabilities: [],
  redactedViews: [],
  unredactedViews: [],
  ignoredViews: [],
  disabledViews: [],
  enabledViews: [],
  universalLinks: [],
  pdfLinks: [],
  virtualAgent: undefined,
};

/** The vendor's settings by the vendor's rules. The screen is not shared here, so they are kept and read by nobody. */
export function addSettings(target: CobrowseIO, started: () => boolean): void {
  for (const name of Object.keys(UNTIL_START) as (keyof CobrowseIOSettings)[]) {
    settable<CobrowseIO, typeof name>(target, name, UNTIL_START[name], (next) => {
      if (started()) throw new Error(`CobrowseIO.${name} cannot be set after CobrowseIO.start().`);
      return next;
    });
  }
  settable(target, 'customData', {}, (next, before) => {
    if (typeof next !== 'object' || next === null || Array.isArray(next)) throw new TypeError('CobrowseIO.customData has to be an object.');
    return { ...before, ...next };
  });
  settable(target, 'registration', true);
  settable(target, 'trustedOrigins', []);
}
