import { Webhook } from 'standardwebhooks';
import { NewSecrets, isCallbackSecret } from './callback-secret.ts';

const ofBytes = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

describe('a callback secret', () => {
  it('that is made here signs by the library of the standard', () => {
    const secret = new NewSecrets().for('https://shop.example');
    expect(isCallbackSecret(secret)).toBe(true);
    const [id, at, body] = ['evt_1', new Date(), '{}'];
    const signature = new Webhook(secret).sign(id, at, body);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': signature };
    expect(new Webhook(secret).verify(body, headers)).toEqual({});
  });

  it('is one for an address while a request is answered, and another for another', () => {
    const secrets = new NewSecrets();
    expect(secrets.for('a')).toBe(secrets.for('a'));
    expect(secrets.for('a')).not.toBe(secrets.for('b'));
    expect(new NewSecrets().for('a')).not.toBe(secrets.for('a'));
    expect([secrets.has(secrets.for('b')), secrets.has('whsec_other')]).toEqual([true, false]);
  });

  it.each([24, 25, 32, 63, 64])('may have %d bytes', (bytes) => {
    expect(isCallbackSecret(ofBytes(bytes))).toBe(true);
  });

  it.each([
    ofBytes(23),
    ofBytes(65),
    ofBytes(32).slice(6),
    ofBytes(32).slice(0, -1),
    `${ofBytes(32)}\n`,
    `whsec_${'*'.repeat(44)}`,
    'whsec_',
    '',
    42,
    null,
  ])('is not %j', (value) => {
    expect(isCallbackSecret(value)).toBe(false);
  });
});
