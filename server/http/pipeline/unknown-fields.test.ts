import { expect, test } from 'vitest';
import { z } from 'zod';
import { openObject } from '../../../protocol/http/open-objects.ts';
import { unknownFields } from './unknown-fields.ts';
import { validate } from './validate.ts';

const inner = z.object({ a: z.string() });
const x = { a: '1', b: 2 };

test.each([
  ['an object', inner, x, ['b']],
  ['an object in an object', z.object({ inner }), { inner: x }, ['inner.b']],
  ['an item of a list', z.object({ list: z.array(inner) }), { list: [{ a: '1' }, x] }, ['list.1.b']],
  ['a value of a record', z.object({ map: z.record(z.string(), inner) }), { map: { any: x } }, ['map.any.b']],
  [
    'an optional, nullable object with a default',
    z.object({ o: inner.nullable().optional().default(null) }),
    { o: x },
    ['o.b'],
  ],
  ['a refined object', inner.refine(() => true), x, ['b']],
  ['a transformed object', inner.transform(({ a }) => a), x, ['b']],
  ['a preprocessed object', z.preprocess((value) => value, inner), x, ['b']],
  ['a union', z.union([z.object({ c: z.string() }), inner]), x, ['b']],
  ['an intersection', z.intersection(inner, z.object({ b: z.number() })), { ...x, c: 3 }, ['c']],
  ['a lazy object', z.lazy(() => inner), x, ['b']],
  ['a name of Object.prototype', inner, { a: '1', constructor: 1 }, ['constructor']],
])('a field that %s does not name is unknown', (_what, schema, value, unknown) => {
  expect(unknownFields(schema, value).map((path) => path.join('.'))).toEqual(unknown);
  expect(() => validate(schema, value, 'body', { refusesUnknown: true })).toThrow(
    expect.objectContaining({ code: 'bad_request', ref: `body.${unknown[0]}` }),
  );
});

test.each([
  ['a record', z.record(z.string(), z.unknown()), x],
  ['a loose object', z.looseObject({}), x],
  ['an open object', openObject(z.object({ a: z.string() })), x],
  ['an unknown value', z.object({ any: z.unknown() }), { any: x }],
  ['a known field left out', z.object({ a: z.string().optional() }), {}],
])('%s has no unknown fields', (_what, schema, value) => {
  expect(unknownFields(schema, value)).toEqual([]);
});

test('invalid and unknown fields are reported together', () => {
  expect(() =>
    validate(z.object({ inner, n: z.number() }), { inner: x, n: '1', m: 1 }, 'body', { refusesUnknown: true }),
  ).toThrow(
    expect.objectContaining({
      fields: [
        expect.objectContaining({ field: 'body.n' }),
        { field: 'body.inner.b', message: 'is not a known field' },
        { field: 'body.m', message: 'is not a known field' },
      ],
    }),
  );
});
