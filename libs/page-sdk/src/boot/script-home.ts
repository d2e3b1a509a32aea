/** The bridge that a copy of this script at its usual place, `<bridge>/sdk/v1/`, belongs to; undefined elsewhere. */
export function bridgeOfScript(script: string): string | undefined {
  return /^(https?:\/\/.+)\/sdk\/v1\/cobridge\.m?js(?:[?#]|$)/.exec(script)?.[1];
}
