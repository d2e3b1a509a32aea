import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the project, found from here upwards: this module runs from its source and from `dist`. */
export function projectFile(...path: string[]): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, ...path);
}
