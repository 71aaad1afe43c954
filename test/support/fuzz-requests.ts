import fc from 'fast-check';

/** Bytes of a request; `complete` if everything announced by its head is there. */
export interface Request {
  readonly method: string;
  readonly bytes: Buffer;
  readonly complete: boolean;
}

interface Known {
  readonly operations: readonly { readonly method: string; readonly path: string }[];
  readonly ids: readonly string[];
  readonly tokens: readonly string[];
}

/** Names used in schemas, and names that every JavaScript object has. */
const NAMES = [
  'email',
  'password',
  'name',
  'role',
  'title',
  'startsAt',
  'endsAt',
  'durationMinutes',
  'status',
  'policy',
  'openTo',
  'examId',
  'sessionId',
  'type',
  'at',
  'data',
  'reason',
  'decision',
  'verdict',
  'policyVersion',
  'extraMinutes',
  'detection',
  'refreshToken',
  'token',
  'disabled',
  'weights',
  'limit',
  'cursor',
  'exam',
  'student',
  'session_id',
  'exam_id',
  'event_type',
  'severity',
  'username',
  'file',
  'start_time',
  'end_time',
  'level',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '$where',
  'a\u0000b',
];

const NASTY_TEXTS = [
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '💥'.repeat(200),
  'a'.repeat(70_000),
  "'; DROP TABLE users; --",
  '%00',
  '../../etc/passwd',
  '{{7*7}}',
  '\r\nX: y',
  'NaN',
  'Infinity',
  '1e999',
  '-0',
  '9'.repeat(400),
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'null',
  '[object Object]',
];
const NASTY_NUMBERS = [
  0,
  -0,
  -1,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 31 - 1,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e-320,
  0.1,
  4_294_967_296,
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'G', 'BREW'];
const BOUNDARY = 'x-boundary';

/** Without lone surrogates, which have no UTF-8 encoding. */
const wellFormed = (text: string) => Buffer.from(text).toString();
const either = (values: readonly string[]) => fc.constantFrom(...values);
const nested = (depth: number, open: string, inner: string, close: string) =>
  open.repeat(depth) + inner + close.repeat(depth);

/** Percent-encoded, half-encoded, or unchanged. */
const written = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.constantFrom('encoded', 'plain', 'broken')).map(([value, how]) => {
    const safe = encodeURIComponent(wellFormed(value));
    return how === 'encoded'
      ? safe
      : how === 'broken'
        ? `${safe.slice(0, 50)}%e0%`
        : value.replaceAll(/[^!-~]/g, '').replaceAll(/[?#]/g, '');
  });

function jsonValues(known: Known): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    either(NASTY_TEXTS),
    fc.string({ maxLength: 30 }),
    either(known.ids),
    either(['student', 'admin', 'active', 'archived', 'dismissed', 'TAB_SWITCH', 'ada@example.org', 'a long password']),
    fc.constantFrom(...NASTY_NUMBERS),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant('2026-01-01T10:00:00.000Z'),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: false },
      { weight: 5, arbitrary: leaf },
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(either(NAMES), tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  return value;
}

function targets(known: Known): fc.Arbitrary<{ method: string; target: string }> {
  const part = fc.oneof(
    { weight: 6, arbitrary: either(known.ids) },
    { weight: 1, arbitrary: written(either(NASTY_TEXTS)) },
    { weight: 1, arbitrary: written(fc.string({ maxLength: 20 })) },
  );
  const query = fc
    .array(
      fc.tuple(
        either(NAMES),
        fc.oneof(
          written(either(NASTY_TEXTS)),
          either(known.ids),
          written(fc.string({ maxLength: 20 })),
          fc.nat().map(String),
        ),
      ),
      { maxLength: 5 },
    )
    .map((pairs) =>
      pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${value}`).join('&')}`,
    );
  const route = fc
    .tuple(fc.constantFrom(...known.operations), fc.array(part, { minLength: 3, maxLength: 3 }), query)
    .map(([{ method, path }, parts, search]) => ({
      method,
      target: path.replaceAll(/\{\w+\}/g, () => parts.pop() ?? 'x').replaceAll(/[^!-~]/g, '') + search,
    }));
  const anywhere = fc
    .tuple(either(METHODS), fc.array(part, { maxLength: 5 }), query)
    .map(([method, parts, search]) => ({ method, target: `/${parts.join('/')}${search}` }));
  const method = fc.tuple(either(METHODS), route).map(([other, { target }]) => ({ method: other, target }));
  return fc.oneof(
    { weight: 8, arbitrary: route },
    { weight: 1, arbitrary: anywhere },
    { weight: 1, arbitrary: method },
  );
}

interface Body {
  readonly type: string | undefined;
  readonly bytes: Buffer;
  /** Share of the body that is sent, 0..1. */
  readonly sent?: number;
}

function bodies(known: Known): fc.Arbitrary<Body | undefined> {
  const value = jsonValues(known);
  const json = (text: string): Body => ({ type: 'application/json', bytes: Buffer.from(text) });
  const object = fc
    .dictionary(either(NAMES), value, { maxKeys: 8, noNullPrototype: true })
    .map((body) => json(JSON.stringify(body)));
  const odd = fc
    .constantFrom(
      nested(50_000, '[', '', ']'),
      nested(5000, '{"data":', '1', '}'),
      `{"__proto__":{"role":"admin"},"constructor":{"prototype":{}}}`,
      '{"a":1',
      '{"a":1}{"a":2}',
      '"\\ud800"',
      '1e999',
      '\ufeff{}',
      '{"limit":1e400}',
      'nul',
      `{"email":"${'a'.repeat(300_000)}"}`,
      `[${'0,'.repeat(50_000)}0]`,
      '{"type":"TAB_SWITCH","type":"NO_FACE"}',
    )
    .map(json);
  const form = fc.array(fc.tuple(either(NAMES), either(NASTY_TEXTS)), { maxLength: 6 }).map((pairs): Body => ({
    type: 'application/x-www-form-urlencoded',
    bytes: Buffer.from(
      new URLSearchParams(pairs.map(([name, text]): [string, string] => [name, wellFormed(text)])).toString(),
    ),
  }));
  const garbage = fc
    .tuple(
      fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        `multipart/form-data; boundary=${BOUNDARY}`,
        'multipart/form-data',
        'image/jpeg',
        'application/json; charset=utf-16',
        undefined,
      ),
      fc.uint8Array({ maxLength: 400 }),
    )
    .map(([type, bytes]): Body => ({ type, bytes: Buffer.from(bytes) }));
  const multipart = fc
    .tuple(
      fc.array(fc.tuple(either(NAMES), fc.uint8Array({ maxLength: 200 }), fc.boolean()), { maxLength: 20 }),
      fc.constantFrom(1, 1, 1, 0.7),
    )
    .map(([parts, share]): Body => {
      const chunks = parts.flatMap(([name, bytes, isFile]) => [
        Buffer.from(
          `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name.replaceAll(/[^ !#-~]/g, '')}"${isFile ? '; filename="a.jpg"\r\nContent-Type: image/jpeg' : ''}\r\n\r\n`,
        ),
        Buffer.from(bytes),
        Buffer.from('\r\n'),
      ]);
      const whole = Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
      // Cut off, but with a matching length: the server has the complete body.
      return {
        type: `multipart/form-data; boundary=${BOUNDARY}`,
        bytes: whole.subarray(0, Math.ceil(whole.length * share)),
      };
    });
  const cut = object.map((body): Body => ({ ...body, sent: 0.5 }));
  return fc.oneof(
    { weight: 10, arbitrary: object },
    { weight: 3, arbitrary: odd },
    { weight: 3, arbitrary: form },
    { weight: 3, arbitrary: garbage },
    { weight: 4, arbitrary: multipart },
    { weight: 1, arbitrary: cut },
    { weight: 8, arbitrary: fc.constant(undefined) },
  );
}

function headers(known: Known): fc.Arbitrary<string[]> {
  const bearer = fc.oneof(
    { weight: 8, arbitrary: either(known.tokens) },
    { weight: 1, arbitrary: either(known.tokens).map((token) => token.slice(0, -3)) },
    { weight: 1, arbitrary: either(['', 'x', 'e30.e30.', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.']) },
  );
  const authorization = fc.oneof(
    { weight: 6, arbitrary: bearer.map((token) => [`Authorization: Bearer ${token}`]) },
    { weight: 1, arbitrary: fc.constantFrom(['Authorization: Basic YTpi'], ['Authorization: Bearer'], []) },
  );
  const other = fc.constantFrom(
    [],
    [],
    [],
    ['Accept: text/html'],
    ['Accept: */*;q=2'],
    ['Origin: null'],
    ['Origin: http://localhost:3000'],
    ['Idempotency-Key: a'],
    ['Idempotency-Key: '],
    [`Idempotency-Key: ${'k'.repeat(200)}`],
    ['X-Forwarded-For: 1.2.3.4, ::1'],
    ['Content-Encoding: gzip'],
    ['Expect: nothing'],
    ['Upgrade: websocket', 'Connection: Upgrade'],
    ['Range: bytes=0-'],
    [`Cookie: ${'c'.repeat(2000)}`],
    ['If-None-Match: *'],
    ['__proto__: 1'],
    ['constructor: 1'],
  );
  return fc.tuple(authorization, other).map(([a, b]) => [...a, ...b]);
}

/** Partly valid requests, wrong in every way that a client may get them wrong. */
export function requests(known: Known): fc.Arbitrary<Request> {
  return fc
    .tuple(targets(known), headers(known), bodies(known), fc.constantFrom('length', 'length', 'length', 'chunked'))
    .map(([{ method, target }, extra, body, how]) => {
      const lines = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...extra];
      if (!body) return { method, bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), complete: true };
      if (body.type) lines.push(`Content-Type: ${body.type}`);
      const chunked = how === 'chunked' && body.sent === undefined;
      lines.push(chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.bytes.length}`);
      const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      if (chunked) {
        const first =
          body.bytes.length === 0
            ? []
            : [Buffer.from(`${body.bytes.length.toString(16)}\r\n`), body.bytes, Buffer.from('\r\n')];
        return { method, bytes: Buffer.concat([head, ...first, Buffer.from('0\r\n\r\n')]), complete: true };
      }
      return {
        method,
        bytes: Buffer.concat([head, body.bytes.subarray(0, Math.ceil(body.bytes.length * (body.sent ?? 1)))]),
        complete: body.sent === undefined,
      };
    });
}
