const LONGEST = 2048;

/**
 * What is wrong with a callback's address, or null when events may be sent there. Whether its host may be called is judged when it is
 * called, by the address that its name stands for then.
 */
export function checkEndpointUrl(url: string, { allowPrivate }: { allowPrivate: boolean }): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // As it is sent: what is not ASCII becomes longer. It is a key of the database, too, which has no room for more.
  if ((parsed?.href ?? url).length > LONGEST) return `must have at most ${LONGEST} characters`;
  if (parsed?.protocol !== 'https:' && !(allowPrivate && parsed?.protocol === 'http:')) {
    return `must be an ${allowPrivate ? 'http or https' : 'https'} address`;
  }
  if (parsed.username !== '' || parsed.password !== '') return 'must not hold a user name or password';
  return null;
}
