import { execFileSync } from 'node:child_process';

/** Scenarios run the program as its users do: built. */
export default function buildProgram() {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] });
}
