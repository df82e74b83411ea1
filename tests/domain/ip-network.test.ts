import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isIpNetwork, sourceOf } from '#domain/ip-network.js';

/** Source of the forms: RFC 4291 2.2, RFC 5952, RFC 4632 3.1. */
describe('addresses and networks', () => {
  test.each([
    '0.0.0.0', '255.255.255.255', '10.0.0.0/8', '192.0.2.7/32', '::', '::1', '1::', 'fd00::/8', '2001:db8::1', '2001:DB8:0:0:8:800:200C:417A', '::ffff:192.0.2.7', '::192.0.2.7', '1:2:3:4:5:6:7::', '::/0', 'fe80::/128',
  ])('%s', (text) => expect(isIpNetwork(text)).toBe(true));

  test.each([
    '', '10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.1.', '10.0.0.1/33', '10.0.0.1/', '10.0.0.1/8/8', '10.0.0.1/-1', '10.0.0.1/ 8', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::',
    'g::', '12345::', '192.0.2.7::', '::192.0.2.7:1', 'fd00::/129', 'fe80::1%eth0', 'proxy.example', 'all', ' 10.0.0.1',
  ])('not %j', (text) => expect(isIpNetwork(text)).toBe(false));

  const group = fc.stringMatching(/^[0-9a-f]{0,5}$/);
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.array(group, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(':')), fc.stringMatching(/^[0-9a-f:.]{0,24}$/));

  test('are what Node takes for such', () => {
    fc.assert(fc.property(address, (text) => { expect([text, isIpNetwork(text)]).toEqual([text, isIP(text) !== 0]); }), { numRuns: 5_000 });
  });
});

describe('whom requests are counted for', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'], ['::ffff:192.0.2.7', '192.0.2.7'], ['::FFFF:c000:0207', '192.0.2.7'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'], ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'], ['::1', '0:0:0:0::/64'], ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'], ['fe80::1%eth0', 'fe80::1%eth0'], ['unix', 'unix'],
  ])('%s → %s', (address, source) => expect(sourceOf(address)).toBe(source));

  test('does not change with the last 64 bits', () => {
    const word = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
    fc.assert(fc.property(fc.array(word, { minLength: 4, maxLength: 4 }), fc.array(word, { minLength: 4, maxLength: 4 }), fc.array(word, { minLength: 4, maxLength: 4 }), (network, one, other) => {
      fc.pre(network.some((each) => each !== '0')); // ::ffff:0:0/96 lies in that network
      expect(sourceOf([...network, ...one].join(':'))).toBe(sourceOf([...network, ...other].join(':')));
    }));
  });
});
