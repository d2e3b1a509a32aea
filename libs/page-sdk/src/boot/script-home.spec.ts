import { bridgeOfScript } from './script-home.ts';

describe('The bridge that a script came from', () => {
  it.each([
    ['https://bridge.example/sdk/v1/cobridge.js', 'https://bridge.example'],
    ['https://bridge.example/sdk/v1/cobridge.mjs?v=2#x', 'https://bridge.example'],
    ['http://localhost:3000/sdk/v1/cobridge.js', 'http://localhost:3000'],
    ['https://shop.example/bridge/sdk/v1/cobridge.js', 'https://shop.example/bridge'],
    ['https://cdn.example/assets/cobridge.js', undefined],
    ['https://shop.example/bundle.js', undefined],
    ['file:///app/node_modules/@cobridge/page-sdk/sdk/v1/cobridge.mjs', undefined],
    ['', undefined],
  ])('%s is %s', (script, bridge) => {
    expect(bridgeOfScript(script)).toBe(bridge);
  });
});
