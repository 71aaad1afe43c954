import { expect, test } from 'vitest';
import { OwnHosts } from '../../http/edge/own-hosts.ts';
import { relyingParty } from './relying-party.ts';

const at = (origin: string, host: string, publicUrls: string[] = []) => {
  const hosts = new OwnHosts(publicUrls, '127.0.0.1');
  try {
    return relyingParty((page, asked) => hosts.isOwnOrigin(page, asked), { origin, host });
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('is the host of the requesting page if it is an own page', () => {
  expect(at('http://localhost:8080', 'localhost:8080')).toEqual({ id: 'localhost', origin: 'http://localhost:8080' });
});

test('is a host of PUBLIC_URL, whatever the Host header says', () => {
  expect(at('https://exams.example.org', '10.0.0.7:8080', ['https://exams.example.org'])).toEqual({
    id: 'exams.example.org',
    origin: 'https://exams.example.org',
  });
  expect(at('https://evil.example', 'evil.example', ['https://exams.example.org'])).toBe('bad_origin');
  expect(at('http://exams.example.org', 'exams.example.org', ['https://exams.example.org'])).toBe('bad_origin');
});

test.each([
  ['https://evil.example', 'localhost:8080'],
  ['', 'localhost:8080'],
  ['null', 'localhost:8080'],
  ['http://localhost:8081', 'localhost:8080'],
  ['https://evil.example', 'evil.example'],
])('origin %j is refused for host %s', (origin, host) => {
  expect(at(origin, host)).toBe('bad_origin');
});

test.each(['127.0.0.1:8080', '[::1]:8080', '10.1.2.3'])(
  'an IP address (%s) is refused: passkeys require a host name',
  (host) => {
    expect(at(`http://${host}`, host)).toBe('bad_request');
  },
);
