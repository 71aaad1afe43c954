import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { OwnHosts } from './own-hosts.ts';

describe('without PUBLIC_URL', () => {
  const hosts = new OwnHosts([], '127.0.0.1');

  test.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    '192.168.1.20:8080',
    '[2001:db8::1]',
    'server:8080',
    'x',
    'localhost.',
    hostname(),
  ])('%s is a name of this server: nobody else can make it one', (host) => {
    expect(hosts.knows(host)).toBe(true);
    expect(hosts.isOwnOrigin(`http://${host.toLowerCase()}`, host)).toBe(true);
  });

  test.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.20.nip.io:8080',
    'evil.example.',
    'evil.',
    'ai.:8080',
    '.',
    '..',
    '',
    'a b',
    'user@localhost',
    'localhost:8080:1',
    '[::1',
    'localhost/evil.example',
  ])('host %j is refused, and so is its origin', (host) => {
    expect(hosts.knows(host)).toBe(false);
    expect(hosts.isOwnOrigin(`http://${host}`, host)).toBe(false);
  });

  test.each([
    'null',
    '',
    'http://evil.example',
    'http://localhost:9090',
    'http://localhost:8080/',
    'http://user@localhost:8080',
    'file://',
    'chrome-extension://abcdef',
  ])('origin %j is foreign to localhost:8080', (origin) => {
    expect(hosts.isOwnOrigin(origin, 'localhost:8080')).toBe(false);
  });

  test('the configured HOST is an own name', () => {
    expect(new OwnHosts([], 'exams.example.org').knows('exams.example.org:8080')).toBe(true);
  });
});

describe('with PUBLIC_URL=https://exam.example.org,https://backup.example.org:8443', () => {
  const hosts = new OwnHosts(['https://exam.example.org', 'https://backup.example.org:8443'], '0.0.0.0');

  test('own names are the listed ones and every IP address, for health checks and scrapes', () => {
    for (const host of [
      'exam.example.org',
      'EXAM.example.org:443',
      'backup.example.org:8443',
      '10.0.0.7:8080',
      'server:8080',
    ])
      expect(hosts.knows(host)).toBe(true);
    for (const host of ['exam.example.org.evil.example', 'example.org', 'www.exam.example.org'])
      expect(hosts.knows(host)).toBe(false);
  });

  test('own origins are the listed ones and loopback, whatever a proxy writes into Host', () => {
    for (const host of ['exam.example.org', '10.0.0.7:8080', 'server:8080']) {
      expect(hosts.isOwnOrigin('https://exam.example.org', host)).toBe(true);
      for (const origin of [
        'http://exam.example.org',
        'https://exam.example.org:8443',
        'https://evil.example',
        'http://10.0.0.7:8080',
        'http://server:8080',
      ])
        expect(hosts.isOwnOrigin(origin, host)).toBe(false);
    }
    expect(hosts.isOwnOrigin('http://127.0.0.1:8080', '127.0.0.1:8080')).toBe(true);
  });

  test('only the listed hosts are reached over TLS', () => {
    expect(
      ['exam.example.org', 'exam.example.org:443', 'backup.example.org:8443', 'server:8080'].map((host) =>
        hosts.isHttps(host),
      ),
    ).toEqual([true, true, true, false]);
  });
});
