import { ConfigError } from './error.ts';

/** First segments of the server's own paths: under such a prefix `/exam` could mean two things. */
export const OWN_SEGMENTS: ReadonlySet<string> = new Set([
  'account',
  'admin',
  'api',
  'assets',
  'auth',
  'console',
  'cv',
  'docs',
  'events',
  'exam',
  'exams',
  'health',
  'lti',
  'metrics',
  'ready',
  'sdk',
  'sessions',
  'setup',
  'sso',
  'system-check',
  'webhooks',
  'ws',
]);

/**
 * Reads `BASE_PATH`: segments of letters, digits, `-` and `_`, at most 100 characters.
 * @returns empty for none, as `/` is
 * @throws ConfigError
 */
export function basePathOf(text: string): string {
  if (text === '' || text === '/') return '';
  if (!/^(?:\/[\w-]+)+$/.test(text) || text.length > 100)
    throw new ConfigError(
      `BASE_PATH: ${JSON.stringify(text)} is not a path prefix such as /invigil or /tools/invigil: it begins with a slash, does not end with one, and has letters, digits, - and _ only`,
    );
  const [, first = ''] = text.split('/');
  if (OWN_SEGMENTS.has(first.toLowerCase()))
    throw new ConfigError(`BASE_PATH: /${first} is a path of the server itself; use another, such as /invigil`);
  return text;
}
