import { checkEndpointUrl } from './endpoint-address.ts';

describe('the address of a callback', () => {
  it.each(['https://shop.example/events', 'https://shop.example:8443/a?token=b', 'https://xn--bcher-kva.example/'])('may be %s', (url) => {
    expect(checkEndpointUrl(url, { allowPrivate: false })).toBeNull();
    expect(checkEndpointUrl(url, { allowPrivate: true })).toBeNull();
  });

  it('may be plain http only where private addresses may be called', () => {
    expect(checkEndpointUrl('http://localhost:3000/hook', { allowPrivate: true })).toBeNull();
    expect(checkEndpointUrl('http://shop.example/hook', { allowPrivate: false })).toBe('must be an https address');
  });

  it.each([
    ['', 'must be an http or https address'],
    ['shop.example/events', 'must be an http or https address'],
    ['/events', 'must be an http or https address'],
    ['file:///etc/passwd', 'must be an http or https address'],
    ['data:text/plain,a', 'must be an http or https address'],
    ['ftp://shop.example/', 'must be an http or https address'],
    ['javascript:alert(1)', 'must be an http or https address'],
    ['https://', 'must be an http or https address'],
    ['https://user@shop.example/', 'must not hold a user name or password'],
    ['https://:word@shop.example/', 'must not hold a user name or password'],
  ])('may not be %s', (url, wrong) => {
    expect(checkEndpointUrl(url, { allowPrivate: true })).toBe(wrong);
    expect(checkEndpointUrl(url, { allowPrivate: false })).not.toBeNull();
  });

  it('may not be longer than 2048 characters', () => {
    const url = `https://shop.example/${'a'.repeat(2027)}`;
    expect(checkEndpointUrl(url, { allowPrivate: false })).toBeNull();
    expect(checkEndpointUrl(`${url}a`, { allowPrivate: false })).toBe('must have at most 2048 characters');
    expect(checkEndpointUrl(`https://shop.example/${'茶'.repeat(300)}`, { allowPrivate: false })).toBe('must have at most 2048 characters');
  });
});
