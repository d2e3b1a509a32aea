/** What the bridge said: a document, or a problem (RFC 9457), or nothing at all (status 0). */
export interface Reply {
  status: number;
  body: unknown;
}

/** Posts JSON to the demo's own server side. Never throws. */
export async function ask(path: string, json: string): Promise<Reply> {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: json });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0, body: { title: 'The bridge cannot be reached' } };
  }
}

/** The problem in words, or undefined when there was none. */
export function problemOf({ status, body }: Reply): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { title, detail } = body as { title?: string; detail?: string };
  return [title, detail].filter(Boolean).join('. ') || `Status ${status}`;
}
