import { readFileSync } from 'node:fs';
import { projectFile } from './project-file.ts';

export const VERSION = (JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string }).version;
