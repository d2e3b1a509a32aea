import { execFileSync } from 'node:child_process';
import { offerProgram } from './shared-program.mjs';

/** Scenarios run the program as its users do: built. */
export default async function buildProgram() {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] });
  await offerProgram();
}
