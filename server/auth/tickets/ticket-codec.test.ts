import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTicket, encodeTicket, PURPOSES, type TicketClaims } from './ticket-codec.ts';

const KEY = Buffer.alloc(32, 7);
const LATEST = 2 ** 48 - 1;
const claims: fc.Arbitrary<TicketClaims> = fc
  .record({
    id: fc.uuid(),
    purpose: fc.constantFrom(...PURPOSES),
    userId: fc.uuid(),
    loginId: fc.uuid(),
    byKey: fc.boolean(),
    sessionId: fc.option(fc.uuid(), { nil: undefined }),
    expiresAt: fc.integer({ min: 0, max: LATEST }),
    authExpiresAt: fc.integer({ min: 0, max: LATEST }),
  })
  .map((made) => ({ ...made, byKey: made.byKey && made.purpose === 'exam' }));

test('a console ticket by an API key cannot be made', () => {
  fc.assert(
    fc.property(claims, (made) => {
      expect(() => encodeTicket(KEY, { ...made, purpose: 'console', byKey: true })).toThrow(RangeError);
    }),
  );
});

test('a ticket round-trips, in characters valid for a subprotocol (C2 C3)', () => {
  fc.assert(
    fc.property(claims, (made) => {
      const value = encodeTicket(KEY, made);
      expect(value).toMatch(/^[\w-]{124}$/);
      expect(decodeTicket(KEY, value)).toEqual(made);
    }),
  );
});

test('a ticket with any bit changed or of another key is refused (C3)', () => {
  fc.assert(
    fc.property(claims, fc.integer({ min: 0, max: 93 * 8 - 1 }), (made, bit) => {
      const value = encodeTicket(KEY, made);
      const bytes = Buffer.from(value, 'base64url');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeTicket(KEY, bytes.toString('base64url'))).toBeUndefined();
      expect(decodeTicket(Buffer.alloc(32, 8), value)).toBeUndefined();
    }),
  );
});

test('only the canonical spelling of a ticket is accepted', () => {
  fc.assert(
    fc.property(claims, fc.constantFrom('=', ' ', '\n', '.', 'A'), (made, extra) => {
      expect(decodeTicket(KEY, encodeTicket(KEY, made) + extra)).toBeUndefined();
    }),
  );
});

test('arbitrary text is refused', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(decodeTicket(KEY, value)).toBeUndefined();
    }),
  );
});
