import { asArray, asText, asWire } from '../wire.ts';
import { LIVEPERSON } from './liveperson-base.ts';
import type { LivePersonHttp } from './liveperson-http.ts';
import { StreamTrouble } from './trouble.ts';

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?$/i;

/** Where an account's services are: base addresses without a slash at the end. */
export interface Services {
  login: string;
  messaging: string;
}

/**
 * Asks the directory at `base` where the account's services are. They speak the way that the directory does (TLS or not), and those
 * that LivePerson's own directory names have to be LivePerson's: credentials go nowhere else. Throws a `StreamTrouble`.
 */
export async function discover(http: LivePersonHttp, base: string, accountId: string, signal: AbortSignal): Promise<Services> {
  const { data } = await http.get(`${base}/api/account/${encodeURIComponent(accountId)}/service/baseURI.json?version=1.0`, signal);
  if (asWire(data).baseURIs === undefined) throw new StreamTrouble('unexpected_answer');
  const hosts = new Map<string, string>();
  for (const entry of asArray(asWire(data).baseURIs)) {
    const { service, baseURI } = asWire(entry);
    const [name, host] = [asText(service), asText(baseURI)];
    if (name !== null && host !== null && HOST.test(host) && (base !== LIVEPERSON || isLivePersons(host))) hosts.set(name, host);
  }
  if (hosts.size === 0) throw new StreamTrouble('unknown_account');
  const [login, messaging] = [hosts.get('agentVep'), hosts.get('asyncMessagingEnt')];
  if (login === undefined || messaging === undefined) throw new StreamTrouble('unexpected_answer');
  const scheme = base.startsWith('http:') ? 'http' : 'https';
  return { login: `${scheme}://${login}`, messaging: `${scheme === 'http' ? 'ws' : 'wss'}://${messaging}` };
}

const isLivePersons = (host: string): boolean => /(^|\.)liveperson\.net(:443)?$/i.test(host);
