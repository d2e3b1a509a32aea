import type { Settings } from '#libs/core';
import { wrongFields } from '#libs/http';
import type { NewSecrets } from './callback-secret.ts';
import { exactOrigin } from './origin.ts';
import type { LivePersonDto } from './liveperson.dto.ts';
import type { SettingsDto } from './settings.dto.ts';
import { changeStream } from './stream.dto.ts';

/** Settings after a change. What is left out stays; lists are replaced, but a callback without a secret keeps that of its address. */
export function changeSettings(before: Settings, change: SettingsDto, newSecrets: NewSecrets): Settings {
  const { liveperson, callbacks, allowedOrigins, ...plain } = change;
  const after = { ...before, ...withoutGaps(plain) };
  if (allowedOrigins) after.allowedOrigins = [...new Set(allowedOrigins.flatMap((origin) => exactOrigin(origin) ?? []))];
  if (liveperson) after.liveperson = changeLivePerson(before.liveperson, liveperson);
  if (callbacks) {
    after.callbacks = callbacks.map(({ url, events, secret }) => {
      const kept = before.callbacks.find((callback) => callback.url === url)?.secret;
      return { url, ...(events && { events }), secret: secret ?? kept ?? newSecrets.for(url) };
    });
  }
  return withAllowedDefault(after, change.defaultMode !== undefined);
}

/** Null removes, and what is left out stays. */
function changeLivePerson(before: Settings['liveperson'], change: LivePersonDto): Settings['liveperson'] {
  const appSecret = change.appSecret === undefined ? before.appSecret : (change.appSecret ?? undefined);
  const stream =
    change.stream === undefined ? before.stream : change.stream === null ? undefined : changeStream(before.stream, change.stream);
  return { ...(appSecret !== undefined && { appSecret }), ...(stream !== undefined && { stream }) };
}

function withAllowedDefault(settings: Settings, chosen: boolean): Settings {
  const { defaultMode, allowedModes } = settings;
  if (allowedModes.includes(defaultMode)) return settings;
  const message = `settings.defaultMode must be one of allowedModes: ${allowedModes.join(', ')}`;
  if (chosen) throw wrongFields([{ field: 'settings.defaultMode', message }]);
  return { ...settings, defaultMode: allowedModes[0] ?? defaultMode };
}

/** A class instance has every field, undefined where nothing was sent. */
function withoutGaps<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
