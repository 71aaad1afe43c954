/** The most expensive inputs for parsers, schemas and patterns per byte. Each is at most `size` bytes long. */

const fill = (size: number, piece: (n: number) => string, separator: string): string => {
  const pieces: string[] = [];
  for (let length = 0, n = 0; ; n++) {
    const next = piece(n);
    length += next.length + separator.length;
    if (length > size) return pieces.join(separator);
    pieces.push(next);
  }
};

/** JSON values, by name. */
export function hostileJson(size: number): Record<string, string> {
  const text = (piece: string) => `"${piece.repeat(Math.max(0, Math.floor((size - 2) / piece.length)))}"`;
  return {
    keys: `{${fill(size - 2, (n) => `"${n.toString(36)}":0`, ',')}}`,
    'one key again and again': `{${fill(size - 2, () => '"a":0', ',')}}`,
    'long keys': `{${fill(size - 2, (n) => `"${n.toString(36).padStart(65, 'k')}":0`, ',')}}`,
    items: `[${fill(size - 2, () => '0', ',')}]`,
    'empty lists': `[${fill(size - 2, () => '[]', ',')}]`,
    'lists in lists': '['.repeat(size / 2) + ']'.repeat(size / 2),
    'objects in objects': '{"a":'.repeat(Math.floor(size / 6)) + '0' + '}'.repeat(Math.floor(size / 6)),
    'lists without end': '['.repeat(size),
    digits: '9'.repeat(size),
    'a small number': `0.${'0'.repeat(Math.max(0, size - 3))}1`,
    'a text': text('a'),
    'a text of escapes': text('\\u0041'),
    'a text of half surrogates': text('\\ud800'),
    'a text of four-byte characters': `"${'\u{1F600}'.repeat(Math.floor((size - 2) / 4))}"`,
    'a text of blanks': text(' '),
    'an address': `"${'a.'.repeat(Math.floor(size / 4))}@${'a.'.repeat(Math.max(0, Math.floor(size / 4) - 2))}"`,
    'an address of dots': text('.'),
    'an address of many ats': text('a@'),
    'a token': text('eyJ.'),
    'a time': `"2026-01-01T00:00:00.${'0'.repeat(Math.max(0, size - 30))}Z!"`,
  };
}

/** JSON bodies: these values by themselves, and as each field of the shape. `sample`: a body accepted by the route. */
export function hostileJsonBodies(
  limit: number,
  fields: readonly string[],
  sample: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const values = hostileJson(limit - 600);
  const bodies: Record<string, string> = {
    ...values,
    quotes: '"'.repeat(limit),
    backslashes: `"${'\\'.repeat(limit - 1)}`,
    'zero bytes': '\0'.repeat(limit),
  };
  for (const field of fields) {
    const others = Object.entries(sample)
      .filter(([name]) => name !== field)
      .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join('');
    for (const [kind, value] of Object.entries(values))
      bodies[`${field}: ${kind}`] = `{${JSON.stringify(field)}:${value}${others}}`;
  }
  return bodies;
}

export function hostileForms(limit: number, fields: readonly string[]): Record<string, string> {
  const bodies: Record<string, string> = {
    pairs: fill(limit, (n) => `${n.toString(36)}=1`, '&'),
    separators: '&'.repeat(limit),
    'equals signs': '='.repeat(limit),
    'percent signs': '%'.repeat(limit),
    escapes: '%41'.repeat(Math.floor(limit / 3)),
    'bad escapes': '%ff'.repeat(Math.floor(limit / 3)),
    'plus signs': `a=${'+'.repeat(limit - 2)}`,
  };
  for (const field of fields)
    bodies[`a long ${field}`] =
      `${fields.map((name) => `${name}=a`).join('&')}&${field}=${'%61'.repeat(Math.floor((limit - 200) / 3))}`;
  return bodies;
}

export interface Multipart {
  readonly boundary: string;
  readonly body: Buffer;
}

/** With a file if the shape has one. */
export function hostileMultiparts(limit: number): Record<string, Multipart> {
  const times = (piece: string, boundary = 'x'): Multipart => ({
    boundary,
    body: Buffer.from(piece.repeat(Math.floor(limit / piece.length)), 'latin1'),
  });
  const head =
    '--x\r\nContent-Disposition: form-data; name="file"; filename="f.jpg"\r\nContent-Type: image/jpeg\r\n\r\n';
  const file = (content: Buffer): Multipart => ({
    boundary: 'x',
    body: Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')]),
  });
  const room = Math.min(limit, 256 * 1024) - 600;
  const segments = (marker: number) =>
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      ...Array.from({ length: Math.floor(room / 4) - 1 }, () => Buffer.from([0xff, marker, 0, 2])),
    ]);
  const long = 'b'.repeat(70);
  return {
    'boundary lines': times('--x\r\n'),
    'empty parts': times('--x\r\n\r\n\r\n'),
    'parts with a name': times('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'),
    'closing boundaries': times('--x--\r\n'),
    'boundaries on lines of others': times('--x y\r\n'),
    'line ends': times('\r\n'),
    'line ends and dashes': times('\r\n--'),
    'almost boundaries': times(`\r\n--${long.slice(1)}c`, long),
    dashes: times('-', '-'),
    'header lines': { boundary: 'x', body: Buffer.from(`--x\r\n${'a: b\r\n'.repeat(Math.floor((limit - 10) / 6))}`) },
    'one header': {
      boundary: 'x',
      body: Buffer.from(`--x\r\nContent-Disposition: form-data; name="${'\\"'.repeat(Math.floor((limit - 60) / 2))}`),
    },
    parameters: {
      boundary: 'x',
      body: Buffer.from(`--x\r\nContent-Disposition: form-data${'; a="b"'.repeat(Math.floor((limit - 60) / 7))}`),
    },
    'a preamble': times('preamble\r\n'),
    'a file of boundaries that are none': file(Buffer.from('\r\n--y'.repeat(Math.floor(room / 5)))),
    'a picture of comments': file(segments(0xfe)),
    'a picture of tables': file(segments(0xdb)),
    'a picture of scans': file(segments(0xda)),
    'a picture of restarts': file(Buffer.concat([segments(0xd0)])),
    'a picture of fill bytes': file(
      Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(room - 4, 0xff), Buffer.from([0xff, 0xd9])]),
    ),
  };
}

/** Query strings within the server's header limit. */
export function hostileQueries(names: readonly string[]): Record<string, string> {
  const size = 3000;
  const queries: Record<string, string> = {
    pairs: fill(size, (n) => `${n.toString(36)}=1`, '&'),
    separators: '&'.repeat(size),
    'bad escapes': '%ff'.repeat(size / 3),
    'percent signs': '%'.repeat(size),
  };
  for (const name of names) queries[`a long ${name}`] = `${name}=${'a.'.repeat(size / 2)}`;
  return queries;
}

/** Complete header lines. */
export const hostileHeaders = (): Record<string, string> => ({
  'a long token': `Authorization: Bearer ${'a'.repeat(3000)}`,
  'a token of dots': `Authorization: Bearer ${'.'.repeat(3000)}`,
  'a token with a JSON of lists': `Authorization: Bearer ${Buffer.from('['.repeat(2000)).toString('base64url')}.${Buffer.from('['.repeat(200)).toString('base64url')}.a`,
  'blanks before a token': `Authorization: ${' '.repeat(1500)}Bearer ${' '.repeat(1500)}`,
  proxies: `X-Forwarded-For: ${Array.from({ length: 300 }, () => '127.0.0.1').join(',')}`,
  'proxies of IPv6': `X-Forwarded-For: ${Array.from({ length: 700 }, () => '::1').join(',')}`,
  'no addresses': `X-Forwarded-For: ${','.repeat(3000)}`,
  'a long media type': `Content-Type: application/${'a'.repeat(3000)}`,
  'a media type of dots and pluses': `Content-Type: application/${'a.+'.repeat(1000)}`,
  'blanks in a media type': `Content-Type: application/json${' '.repeat(3000)}x`,
  'parameters of a media type': `Content-Type: multipart/form-data${';a="b"'.repeat(500)}`,
  'a boundary of quotes': `Content-Type: multipart/form-data; boundary="${'\\"'.repeat(1400)}`,
  cookies: `Cookie: ${Array.from({ length: 700 }, (_, n) => `${n}=`).join(';')}`,
  'a long key': `Idempotency-Key: "${'a'.repeat(3000)}`,
  'an origin': `Origin: https://${'a.'.repeat(1500)}`,
  ranges: `Range: bytes=${Array.from({ length: 700 }, () => '0-1').join(',')}`,
  tags: `If-None-Match: ${Array.from({ length: 700 }, () => '"a"').join(',')}`,
  types: `Accept: ${Array.from({ length: 300 }, () => 'text/html').join(',')}`,
  'many headers': Array.from({ length: 80 }, (_, n) => `X-H${n}: ${'v'.repeat(20)}`).join('\r\n'),
});
