import { DEFAULT_POLICY, invitationDeadline } from './policy.ts';

const SEEN = Date.UTC(2026, 10, 21, 10);
const s = (seconds: number): number => SEEN + seconds * 1000;

describe('the end of an invitation', () => {
  it.each([
    ["the platform's own end, when it is sane", s(0), s(90), s(90)],
    ['exactly to the millisecond', s(-1), s(88.955), s(88.955)],
    ['creation + TTL, when the platform says none', s(-30), null, s(90)],
    ['first sight + TTL, when nothing is said', null, null, s(120)],
    ['creation + TTL, when the end lies before the creation', s(-10), s(-20), s(110)],
    ['creation + TTL, when the end is absurdly late', s(-10), s(86_400), s(110)],
    ['first sight + TTL at the latest, when the clocks differ', s(50), s(170), s(120)],
    ['first sight + TTL, when the creation lies far in the future', s(3600), null, s(120)],
    ['the past, when it came after its end', s(-300), s(-180), s(-180)],
    ['the past, when only an end is said and that is over', null, s(-5), s(-5)],
    ['the past, when it is older than its TTL', s(-121), null, s(-1)],
  ])('is %s', (_, createdAt, expires, expected) => {
    expect(invitationDeadline({ createdAt, expires }, SEEN, DEFAULT_POLICY)).toBe(expected);
  });

  it("is never later than the account's own TTL", () => {
    expect(invitationDeadline({ createdAt: s(0), expires: s(90) }, SEEN, { invitationTtlSeconds: 30 })).toBe(s(30));
  });
});
