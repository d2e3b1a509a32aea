import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** An agent's session: made by a login, used by its bearer, kept alive by its csrf and cookie. */
export interface AgentSession {
  bearer: string;
  csrf: string;
  cookie: string;
  userName: string;
  /** Epoch milliseconds. */
  endsAt: number;
}

/** The bearers of one account. */
export class Bearers {
  private readonly sessions: AgentSession[] = [];

  mint(userName: string, seconds: number): AgentSession {
    const session = {
      bearer: randomBytes(32).toString('hex'),
      csrf: randomBytes(16).toString('hex'),
      cookie: randomBytes(24).toString('base64url'),
      userName,
      endsAt: Date.now() + seconds * 1000,
    };
    this.sessions.push(session);
    return session;
  }

  /** The session of a bearer that lives; `undefined` for one that is unknown or has ended. */
  find(bearer: string): AgentSession | undefined {
    return this.sessions.find((session) => session.bearer === bearer && session.endsAt > Date.now());
  }

  /** Prolongs the session that this csrf and one of these cookies belong to. The bearer stays the same. */
  refresh(csrf: unknown, cookies: readonly string[], seconds: number): AgentSession | undefined {
    const session = this.sessions.find((one) => one.csrf === csrf && cookies.includes(one.cookie) && one.endsAt > Date.now());
    if (session) session.endsAt = Date.now() + seconds * 1000;
    return session;
  }

  /** Ends the bearers of one user, or all, now. */
  revoke(userName?: string): void {
    for (const session of this.sessions) if (userName === undefined || session.userName === userName) session.endsAt = 0;
  }
}

/** A consumer's token: a JWT whose `sub` is the consumer id, HS256 with a secret that lives as long as this object. */
export class ConsumerTokens {
  private readonly secret = randomBytes(32);

  constructor(private readonly accountId: string) {}

  mint(consumerId: string, seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const head = encode({ alg: 'HS256', typ: 'JWT', kid: '00001' });
    const claims = encode({
      sub: consumerId,
      iss: 'https://idp.liveperson-emulator.test',
      aud: `acc:${this.accountId}`,
      iat: now,
      exp: now + seconds,
      jti: randomUUID(),
    });
    return `${head}.${claims}.${this.sign(`${head}.${claims}`)}`;
  }

  /** Whose token it is, and until when (epoch milliseconds); `undefined` when it is not ours or has ended. */
  check(token: string): { consumerId: string; endsAt: number } | undefined {
    const [head, claims, signature, ...more] = token.split('.');
    if (!head || !claims || !signature || more.length > 0) return undefined;
    const given = Buffer.from(signature);
    const right = Buffer.from(this.sign(`${head}.${claims}`));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string; exp: number };
    return exp * 1000 > Date.now() ? { consumerId: sub, endsAt: exp * 1000 } : undefined;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
