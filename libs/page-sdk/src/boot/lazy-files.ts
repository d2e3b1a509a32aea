import type { OpenDialect } from '../dialects/dialect.ts';
import type { Dialect, Texts } from '../types.ts';
import type { NotesFile } from '../view/late-notes.ts';

/** Dialects that are not part of the core. */
export type LazyDialect = Exclude<Dialect, 'liveperson'>;

/** Parts of the SDK in files of their own, loaded by the pages that need them. Each rejects when its file cannot be had. */
export interface LazyFiles {
  language(lang: string): Promise<{ texts: Texts }>;
  dialect(name: LazyDialect): Promise<{ open: OpenDialect }>;
  notes: NotesFile;
}
