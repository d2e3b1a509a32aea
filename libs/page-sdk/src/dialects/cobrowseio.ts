import type { Dialect, DialectHost, OpenDialect } from './dialect.ts';
import { createCobrowseIO } from './cobrowseio-object.ts';
import type { CobrowseIO } from './cobrowseio-types.ts';

/** The page keeps its object and its listeners when the SDK is started again. */
const speaking = new WeakMap<object, (host: DialectHost) => Dialect>();

/** Cobrowse.io's `CobrowseIO`, spoken through the very object that the page has made. */
export const open: OpenDialect = (host) => {
  const page = host.window as unknown as { CobrowseIO?: CobrowseIO };
  const target = (page.CobrowseIO ??= {} as CobrowseIO);
  const attach = speaking.get(target) ?? createCobrowseIO(target, host.window);
  speaking.set(target, attach);
  return attach(host);
};
