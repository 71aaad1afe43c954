import { describe, expect, test } from 'vitest';
import { DatabaseUrlError, targetOf } from './target.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

describe('a PostgreSQL URL', () => {
  test.each([
    ['several hosts, each with its port', 'postgres://u:p@a:1,b:2/d', ['a:1', 'b:2']],
    ['several hosts, with the default port', 'postgres://u@a,b/d', ['a:5432', 'b:5432']],
    ['an IPv6 address', 'postgres://u@[::1]:6/d', ['::1:6']],
    ['the folder of a Unix socket as a parameter', 'postgres:///d?host=/run/postgresql', ['/run/postgresql:5432']],
    ['the folder of a Unix socket as the host', 'postgres://u@%2Frun%2Fpostgresql/d', ['/run/postgresql:5432']],
    ['no host', 'postgres:///d', ['localhost:5432']],
    ['hosts and one port as parameters', 'postgres:///d?host=a,b&port=7', ['a:7', 'b:7']],
  ])('names %s', (_, url, servers) => {
    expect(targetOf(url).servers.map(({ host, port }) => `${host}:${port}`)).toEqual(servers);
  });

  test.each(['p@ss/w#rd', '/+=', 'a?b', 'x:y@z', '100%', '@', 'u@1/2', 'ä€ 😀'])(
    'takes the password %s as it is, and percent-encoded',
    (password) => {
      for (const text of [password, encodeURIComponent(password)]) {
        const url = parseDatabaseUrl(`postgres://user:${text}@host:5433/name?sslmode=require`)!;
        expect(url).toMatchObject({ user: 'user', password, hosts: ['host'], ports: [5433], database: 'name' });
        expect(parseDatabaseUrl(formatDatabaseUrl(url))).toEqual(url);
      }
    },
  );

  test.each(['postgres://u@h:port/d', 'postgres://u@h:70000/d', 'mysql://u@h/d', 'postgres://u@h/d#x'])(
    'is refused when it is none: %s',
    (url) => {
      expect(parseDatabaseUrl(url)).toBeUndefined();
      expect(() => targetOf(url)).toThrow(DatabaseUrlError);
    },
  );
});

describe('sslmode, as libpq means it', () => {
  const encryptions = (query: string) => targetOf(`postgres://u@h/d?${query}`).servers[0]!.encryptions;
  const unverified = { rejectUnauthorized: false };

  test.each([
    ['disable: none', 'sslmode=disable', [false]],
    ['allow: none, else unverified', 'sslmode=allow', [false, unverified]],
    ['prefer: unverified, else none', 'sslmode=prefer', [unverified, false]],
    ['not set: prefer', '', [unverified, false]],
    ['require: unverified', 'sslmode=require', [unverified]],
    ['no-verify, of node-postgres: require', 'sslmode=no-verify', [unverified]],
    ['verify-full: certificate and name', 'sslmode=verify-full', [{}]],
    ['sslrootcert=system: verify-full', 'sslrootcert=system', [{}]],
  ])('%s', (_, query, expected) => {
    expect(encryptions(query)).toEqual(expected);
  });

  test('require with a CA checks the certificate and not the name, as verify-ca does', () => {
    const file = import.meta.filename;
    for (const mode of ['require', 'verify-ca']) {
      const [way] = encryptions(`sslmode=${mode}&sslrootcert=${encodeURIComponent(file)}`);
      expect(way).toMatchObject({ ca: expect.stringContaining('describe') as string });
      expect(way).not.toHaveProperty('rejectUnauthorized');
      expect(way).toHaveProperty('checkServerIdentity');
    }
  });

  test('a Unix socket is not encrypted', () => {
    expect(targetOf('postgres:///d?host=/run/postgresql&sslmode=require').servers[0]!.encryptions).toEqual([false]);
  });

  test.each(['sslmode=maybe', 'sslmode=verify-ca', 'sslmode=require&sslrootcert=/nowhere', 'connect_timeout=soon'])(
    'a setting that cannot be met is refused: %s',
    (query) => {
      expect(() => encryptions(query)).toThrow(DatabaseUrlError);
    },
  );
});
