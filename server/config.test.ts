import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig, Settings } from './config.ts';

const SECRET = randomBytes(32).toString('base64url');
const URL_ = 'postgres://user:pa%20ss@db.example.org:5432/invigil';

let dir: string;
let DATA_DIR: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'invigil-config-'));
  DATA_DIR = join(dir, 'data');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const read = (env: NodeJS.ProcessEnv = {}) => readConfig({ DATA_DIR, ...env });

/** Why the environment is refused. */
function refusal(env: NodeJS.ProcessEnv): string {
  try {
    read(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('it was taken');
}

function file(content: string): string {
  const path = join(dir, 'secret-file');
  writeFileSync(path, content);
  return path;
}

describe('in production', () => {
  const production = { NODE_ENV: 'production' };
  const AUDIT_KEY = randomBytes(32).toString('hex');

  test('the server refuses to start without JWT_SECRET and generates none', () => {
    expect(refusal(production)).toMatch(/JWT_SECRET/);
    expect(refusal({ ...production, JWT_SECRET: '' })).toMatch(/JWT_SECRET/);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  test('all missing and weak secrets are reported at once, one per line, without their values', () => {
    const lines = refusal({
      ...production,
      EVIDENCE_KEY: '0'.repeat(64),
      METRICS_TOKEN: 'brief',
      ADMIN_EMAIL: 'a@example.org',
      ADMIN_PASSWORD: 'changeme123',
    }).split('\n');
    expect(lines.map((line) => line.split(/[ :]/)[0]!).sort()).toEqual([
      'ADMIN_PASSWORD',
      'AUDIT_KEY',
      'EVIDENCE_KEY',
      'JWT_SECRET',
      'METRICS_TOKEN',
    ]);
    for (const line of lines.filter((text) => !text.startsWith('ADMIN_PASSWORD')))
      expect(line).toMatch(/openssl rand -base64 32$/);
    for (const value of ['0'.repeat(64), 'brief', 'changeme123']) expect(lines.join()).not.toContain(value);
    expect(existsSync(DATA_DIR)).toBe(false);
    expect(refusal({ PORT: 'http', LOG_LEVEL: 'loud' }).split('\n')).toHaveLength(2);
  });

  test('a secret generated in development is not used', () => {
    read();
    expect(refusal(production)).toMatch(/JWT_SECRET/);
  });

  test('the server starts with a JWT_SECRET', () => {
    expect(read({ ...production, JWT_SECRET: SECRET, AUDIT_KEY })).toMatchObject({
      config: { production: true },
      secrets: { jwtSecret: SECRET },
    });
  });

  test('new exams are open to enrolled students and in UTC by default', () => {
    expect(read().config.examDefaults).toEqual({ openTo: 'enrolled', timeZone: 'UTC' });
    expect(read({ EXAMS_OPEN_TO: 'all', EXAMS_TIME_ZONE: 'Europe/Berlin' }).config.examDefaults).toEqual({
      openTo: 'all',
      timeZone: 'Europe/Berlin',
    });
    expect(refusal({ EXAMS_OPEN_TO: 'nobody' })).toMatch(/EXAMS_OPEN_TO/);
    expect(refusal({ EXAMS_TIME_ZONE: 'Nowhere/Else' })).toMatch(/EXAMS_TIME_ZONE/);
  });

  test('the server refuses to start without AUDIT_KEY, generates none and does not use one from development', () => {
    expect(refusal({ ...production, JWT_SECRET: SECRET })).toMatch(/AUDIT_KEY/);
    expect(existsSync(DATA_DIR)).toBe(false);
    read();
    expect(refusal({ ...production, JWT_SECRET: SECRET })).toMatch(/AUDIT_KEY/);
  });
});

describe('guessable secrets', () => {
  const hex = () => randomBytes(32).toString('hex');
  const good = {
    NODE_ENV: 'production',
    JWT_SECRET: SECRET,
    AUDIT_KEY: hex(),
    EVIDENCE_KEY: hex(),
    ADMIN_EMAIL: 'a@example.org',
    ADMIN_PASSWORD: 'seven green lanterns',
  };

  /** Production refuses it and names it, anything else says so; neither shows it. */
  function expectRefused(name: string, value: string): void {
    const message = refusal({ ...good, [name]: value });
    expect(message).toContain(name);
    expect(message).not.toContain(value);
    const { warnings } = read({ ...good, NODE_ENV: 'development', [name]: value });
    expect(warnings.join()).toContain(name);
    expect(warnings.join()).not.toContain(value);
  }

  test('random secrets in every usual encoding are accepted without a warning', () => {
    for (const JWT_SECRET of [
      randomBytes(16).toString('hex'),
      randomBytes(24).toString('base64'),
      randomBytes(64).toString('base64url'),
    ]) {
      expect(read({ ...good, JWT_SECRET, METRICS_TOKEN: hex() }).warnings).toEqual([]);
    }
  });

  test.each([
    'a'.repeat(32),
    'changeme'.repeat(4),
    'ChangeMe-ChangeMe-ChangeMe-ChangeMe!',
    'changeme1changeme2changeme3changeme4',
    'ch4ng3m3-s3cr3t-p4ssw0rd-ch4ng3m3!!',
    '0'.repeat(64),
    'ab'.repeat(20),
    'aaaaaaaabbbbbbbbccccccccdddddddd',
    'abcdefghijklmnopqrstuvwxyz123456',
    'zyxwvutsrqponmlkjihgfedcba987654',
    '0123456789'.repeat(4),
    '0123456789abcdef0123456789abcdeg',
    'qwertyuiopasdfghjklzxcvbnm123456',
    'my-super-secret-jwt-key-for-production-use',
    'please-change-this-secret-key-in-production',
    'set JWT_SECRET, at least 32 characters',
    'thisisaverylongsecretkeyforjwttokens',
    'deadbeefdeadbeefcafebabecafebabe',
    Buffer.from('changeme'.repeat(4)).toString('base64'),
    Buffer.from('this is my secret jwt signing key').toString('hex'),
  ])('JWT_SECRET %s', (value) => expectRefused('JWT_SECRET', value));

  const sequence = Uint8Array.from({ length: 32 }, (_, at) => at);
  const half = randomBytes(16);
  test.each([
    '0'.repeat(64),
    'ab'.repeat(32),
    'A'.repeat(43),
    Buffer.from(sequence).toString('hex'),
    Buffer.from(sequence.map((at) => 255 - at * 3)).toString('base64'),
    Buffer.concat([half, half]).toString('base64url'),
    Buffer.from('a passphrase of thirty-two bytes').toString('base64'),
    createHash('sha256').update('changeme').digest('hex'),
    Buffer.alloc(32, 'changeme').toString('hex'),
  ])('AUDIT_KEY and EVIDENCE_KEY %s', (value) => {
    expectRefused('AUDIT_KEY', value);
    expectRefused('EVIDENCE_KEY', value);
  });

  test.each(['password', '12345678', 'changeme123', 'a@example.org'])('ADMIN_PASSWORD %s', (value) =>
    expect(refusal({ ...good, ADMIN_PASSWORD: value })).toContain('ADMIN_PASSWORD'),
  );

  test('a secret used twice, in any encoding, is refused and both settings are named', () => {
    const bytes = randomBytes(32);
    const spellings = [
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ];
    for (const one of spellings) {
      for (const other of spellings) {
        expect(refusal({ ...good, AUDIT_KEY: one, EVIDENCE_KEY: other })).toMatch(
          /AUDIT_KEY and EVIDENCE_KEY are the same/,
        );
        expect(refusal({ ...good, JWT_SECRET: one, AUDIT_KEY: other })).toMatch(
          /JWT_SECRET and AUDIT_KEY are the same/,
        );
        expect(refusal({ ...good, JWT_SECRET: one, METRICS_TOKEN: other })).toMatch(
          /JWT_SECRET and METRICS_TOKEN are the same/,
        );
      }
    }
    const password = 'seven green lanterns';
    expect(refusal({ ...good, DATABASE_URL: `postgres://u:${encodeURIComponent(password)}@h/d` })).toMatch(
      /ADMIN_PASSWORD and the password of the database are the same/,
    );
    expect(refusal({ ...good, DATABASE_URL: `postgres://u:${SECRET}@h/d` })).toMatch(
      /JWT_SECRET and the password of the database are the same/,
    );
  });

  test('a weak database password causes a warning only', () => {
    expect(read({ ...good, DATABASE_URL: 'postgres://u:changeme@h/d' }).warnings).toEqual([
      'the password of the database is guessable',
    ]);
  });
});

test.each(['Production', 'PRODUCTION', 'prod', 'staging'])(
  'NODE_ENV=%s is refused: it is not production, and meant to be',
  (NODE_ENV) => {
    expect(refusal({ NODE_ENV })).toMatch(/NODE_ENV/);
  },
);

describe('JWT_SECRET', () => {
  test.each([{}, { NODE_ENV: 'production' }])(
    'of fewer than 32 characters is refused (%j), without being shown',
    (env) => {
      const short = 'x'.repeat(31);
      const message = refusal({ ...env, JWT_SECRET: short });
      expect(message).toMatch(/JWT_SECRET.*32/);
      expect(message).not.toContain(short);
    },
  );

  test('generated in development is random, stored for its owner only and reused at the next start', () => {
    const first = read().secrets.jwtSecret;
    expect(first.length).toBeGreaterThanOrEqual(43);
    expect(statSync(join(DATA_DIR, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(read().secrets.jwtSecret).toBe(first);
    expect(readConfig({ DATA_DIR: join(dir, 'other') }).secrets.jwtSecret).not.toBe(first);
  });

  test.each(['', 'short', '\n'])('whose file was left with %j is refused rather than used', (content) => {
    mkdirSync(DATA_DIR);
    writeFileSync(join(DATA_DIR, 'jwt-secret'), content);
    expect(refusal({})).toMatch(/jwt-secret/);
  });
});

describe('EVIDENCE_KEY', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => i * 8 + 3);
  const key = Buffer.from(bytes);
  const keyOf = (env: NodeJS.ProcessEnv) => Buffer.from(read(env).secrets.evidenceKey ?? []);

  test.each([
    key.toString('hex'),
    key.toString('hex').toUpperCase(),
    key.toString('base64'),
    key.toString('base64url'),
  ])('is 32 bytes, written as %s', (text) => {
    expect(keyOf({ EVIDENCE_KEY: text })).toEqual(key);
  });

  test.each([key.subarray(1).toString('base64'), key.toString('hex').slice(1), 'a password that somebody likes', '='])(
    'of another length or alphabet is refused, without being shown',
    (text) => {
      const message = refusal({ EVIDENCE_KEY: text });
      expect(message).toMatch(/EVIDENCE_KEY.*32/);
      if (text.length > 3) expect(message).not.toContain(text);
    },
  );

  test('is generated in development, for its owner only, and reused; not in production', () => {
    const made = keyOf({});
    expect(made.byteLength).toBe(32);
    expect(statSync(join(DATA_DIR, 'evidence-key')).mode & 0o777).toBe(0o600);
    expect(keyOf({})).toEqual(made);
    expect(
      read({ NODE_ENV: 'production', JWT_SECRET: SECRET, AUDIT_KEY: randomBytes(32).toString('hex') }).secrets
        .evidenceKey,
    ).toBeUndefined();
    writeFileSync(join(DATA_DIR, 'evidence-key'), 'spoiled');
    expect(refusal({})).toMatch(/evidence-key/);
  });

  test('and the folder of pictures use the configured paths', () => {
    expect(read().config.evidenceDir).toBe(join(DATA_DIR, 'evidence'));
    expect(read({ EVIDENCE_DIR: join(dir, 'pictures') }).config.evidenceDir).toBe(join(dir, 'pictures'));
    expect(keyOf({ EVIDENCE_KEY_FILE: file(`${key.toString('base64')}\n`) })).toEqual(key);
  });
});

describe('AUDIT_KEY', () => {
  const key = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1));
  const keyOf = (env: NodeJS.ProcessEnv) => Buffer.from(read(env).secrets.auditKey);

  test.each([key.toString('hex'), key.toString('base64'), key.toString('base64url')])(
    'is 32 bytes, written as %s',
    (text) => {
      expect(keyOf({ AUDIT_KEY: text })).toEqual(key);
    },
  );

  test.each([key.subarray(1).toString('base64'), key.toString('hex').slice(2), 'a password that somebody likes', '='])(
    'of another length or alphabet is refused, without being shown',
    (text) => {
      const message = refusal({ AUDIT_KEY: text });
      expect(message).toMatch(/AUDIT_KEY.*32/);
      if (text.length > 3) expect(message).not.toContain(text);
    },
  );

  test('is generated in development, for its owner only, and reused', () => {
    const made = keyOf({});
    expect(made.byteLength).toBe(32);
    expect(statSync(join(DATA_DIR, 'audit-key')).mode & 0o777).toBe(0o600);
    expect(keyOf({})).toEqual(made);
    expect(keyOf({ DATA_DIR: join(dir, 'other') })).not.toEqual(made);
    writeFileSync(join(DATA_DIR, 'audit-key'), 'spoiled');
    expect(refusal({})).toMatch(/audit-key/);
  });

  test('and the folder of checkpoints use the configured paths', () => {
    expect(read().config.auditDir).toBe(join(DATA_DIR, 'audit'));
    expect(read({ AUDIT_DIR: join(dir, 'log') }).config.auditDir).toBe(join(dir, 'log'));
    expect(keyOf({ AUDIT_KEY_FILE: file(`${key.toString('base64')}\n`) })).toEqual(key);
    expect(refusal({ AUDIT_KEY: key.toString('hex'), AUDIT_KEY_FILE: file(key.toString('hex')) })).toMatch(
      /AUDIT_KEY and AUDIT_KEY_FILE/,
    );
  });
});

describe('a secret in a file', () => {
  test('is read from NAME_FILE without its line ending', () => {
    expect(read({ JWT_SECRET_FILE: file(`${SECRET}\n`) }).secrets.jwtSecret).toBe(SECRET);
    expect(read({ DATABASE_URL_FILE: file(`${URL_}\r\n`) }).secrets.databaseUrl).toBe(URL_);
    expect(
      read({ ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD_FILE: file('a long password') }).secrets.admin?.password,
    ).toBe('a long password');
  });

  test('and also in its variable is an error', () => {
    expect(refusal({ JWT_SECRET: SECRET, JWT_SECRET_FILE: file(SECRET) })).toMatch(/JWT_SECRET and JWT_SECRET_FILE/);
  });

  test('is read if its variable is empty, as compose files pass missing ones', () => {
    expect(read({ JWT_SECRET: '', JWT_SECRET_FILE: file(SECRET) }).secrets.jwtSecret).toBe(SECRET);
  });

  test('that is unreadable is an error', () => {
    expect(refusal({ JWT_SECRET_FILE: join(dir, 'nothing-here') })).toMatch(/JWT_SECRET_FILE/);
  });

  test.each(['DATABASE_URL', 'JWT_SECRET', 'ADMIN_PASSWORD', 'EVIDENCE_KEY', 'AUDIT_KEY', 'METRICS_TOKEN'])(
    'that is empty is an error, not a %s that is not set',
    (name) => {
      expect(refusal({ [`${name}_FILE`]: file('\n') })).toMatch(`${name}_FILE`);
    },
  );

  test('follows the same rules', () => {
    expect(refusal({ JWT_SECRET_FILE: file('short') })).toMatch(/32/);
    expect(refusal({ DATABASE_URL_FILE: file('mysql://db/x') })).toMatch(/DATABASE_URL/);
  });
});

describe('DATABASE_URL', () => {
  test.each([
    'postgres://u@h/d',
    'postgresql://u:p@h:5432/d?sslmode=require',
    'postgres:///d?host=/var/run/postgresql',
  ])('%s is taken', (url) => {
    expect(read({ DATABASE_URL: url }).secrets.databaseUrl).toBe(url);
  });

  test.each([
    'mysql://user:hunter2@h/d',
    'localhost:5432',
    '/var/lib/data',
    'postgres',
    'http://postgres://h/d',
    'postgres://user:hunter2@h:port/d',
  ])('%s is refused, without being shown', (url) => {
    const message = refusal({ DATABASE_URL: url });
    expect(message).toMatch(/^DATABASE_URL/);
    expect(message).not.toContain('hunter2');
  });

  test('unset or empty selects the embedded database', () => {
    expect(read().secrets.databaseUrl).toBeUndefined();
    expect(read({ DATABASE_URL: '' }).secrets.databaseUrl).toBeUndefined();
  });
});

describe('other settings', () => {
  test('default to listening on loopback only', () => {
    expect(read().config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      drainNoticeMs: 2500,
      drainMs: 2500,
      models: { face: 'own', gaze: 'own' },
      vision: true,
    });
    expect(read().config.inferenceThreads).toBeGreaterThanOrEqual(1);
  });

  test('use their default if the variable is empty', () => {
    const names = [
      'HOST',
      'PORT',
      'ALLOWED_ORIGINS',
      'LOG_LEVEL',
      'INFERENCE_THREADS',
      'ADMIN_EMAIL',
      'ADMIN_PASSWORD',
      'NODE_ENV',
      'FACE_MODEL',
      'MODELS_DIR',
    ];
    expect(read(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(read());
  });

  test.each([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '80.5' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['INFERENCE_THREADS', { INFERENCE_THREADS: '0' }],
    ['DRAIN_SECONDS', { DRAIN_SECONDS: '-1' }],
    ['DRAIN_NOTICE_SECONDS', { DRAIN_SECONDS: '5', DRAIN_NOTICE_SECONDS: '6' }],
    ['ADMIN_EMAIL', { ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 'a long password' }],
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'a@example.org' }],
    ['ADMIN_EMAIL', { ADMIN_PASSWORD: 'a long password' }],
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: 'short' }],
  ])('%s is named when %j is refused', (name, env) => {
    expect(refusal(env)).toContain(name);
  });

  test('lists are split and trimmed; the admin address is lower-cased', () => {
    const { config, secrets } = read({
      ALLOWED_ORIGINS: ' https://a.example , https://b.example,',
      ADMIN_EMAIL: 'Admin@Example.org',
      ADMIN_PASSWORD: 'a long password',
    });
    expect(config.allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(secrets.admin).toEqual({ email: 'admin@example.org', password: 'a long password' });
  });

  test('logging the configuration reveals no secret', () => {
    const env = {
      JWT_SECRET: SECRET,
      DATABASE_URL: URL_,
      ADMIN_EMAIL: 'a@example.org',
      ADMIN_PASSWORD: 'a long password',
    };
    const shown = JSON.stringify(read(env).config);
    for (const secret of [SECRET, 'pa%20ss', 'a long password']) expect(shown).not.toContain(secret);
  });
});

test('the generated secret is the one in its file', () => {
  const { secrets } = read();
  expect(readFileSync(join(DATA_DIR, 'jwt-secret'), 'utf8')).toBe(secrets.jwtSecret);
});

describe('DATABASE_PASSWORD', () => {
  test('becomes the password of DATABASE_URL, with any characters', () => {
    for (const password of ['simple', 'a/b@c:d?e#f %', 'ä€']) {
      const { databaseUrl } = read({
        DATABASE_URL: 'postgres://u@h:5432/d',
        DATABASE_PASSWORD_FILE: file(`${password}\n`),
      }).secrets;
      expect(decodeURIComponent(new URL(databaseUrl!).password)).toBe(password);
    }
  });

  test.each([
    { DATABASE_PASSWORD: 'x' },
    { DATABASE_PASSWORD: 'x', DATABASE_URL: URL_ },
    { DATABASE_PASSWORD: 'x', DATABASE_URL: 'postgres://h/d' },
  ])('without a URL that names its user and no password is refused: %j', (env) => {
    expect(refusal(env)).toMatch(/DATABASE_PASSWORD/);
  });
});

describe("libpq's variables", () => {
  test('with PGHOST replace DATABASE_URL', () => {
    const env = { PGHOST: 'a,b', PGPORT: '1,2', PGUSER: 'u', PGDATABASE: 'd', PGSSLMODE: 'disable' };
    expect(read({ ...env, PGPASSWORD_FILE: file('p@ss/w#rd\n') }).secrets.databaseUrl).toBe(
      'postgres://u:p%40ss%2Fw%23rd@a:1,b:2/d?sslmode=disable',
    );
  });

  test('complete DATABASE_URL and change nothing that it has', () => {
    const env = { PGHOST: 'other', PGUSER: 'other', PGPASSWORD: 'p w', PGPORT: '7', PGDATABASE: 'other' };
    expect(read({ ...env, DATABASE_URL: 'postgres://u@h:5432/d' }).secrets.databaseUrl).toBe(
      'postgres://u:p%20w@h:5432/d',
    );
  });

  test('without PGHOST and DATABASE_URL leave the embedded database in use', () => {
    expect(read({ PGUSER: 'u', PGDATABASE: 'd', PGPASSWORD: 'p' }).secrets.databaseUrl).toBeUndefined();
  });

  test.each([
    [{ PGHOST: 'h', PGSSLMODE: 'maybe' }, /^PGHOST: .*sslmode/],
    [{ PGHOST: 'h', PGPORT: 'x' }, /^PGPORT/],
    [{ DATABASE_URL: 'postgres://u:hunter2@h/d?sslmode=verify-ca' }, /^DATABASE_URL: (?!.*hunter2).*sslrootcert/],
    [{ PGHOST: 'h', PGTARGETSESSIONATTRS: 'standby' }, /^PGHOST: .*target_session_attrs/],
  ])('%j is refused with the setting named', (env, message) => {
    expect(refusal(env)).toMatch(message);
  });
});

test('settings are shown as they are in force, and secrets by name only', () => {
  const { config } = read({
    JWT_SECRET: SECRET,
    DATABASE_URL: URL_,
    LOGIN_DAYS: '7',
    API_DOCS: '',
  });
  const shown = Object.fromEntries(config.settings.map(({ name, value, source }) => [name, [value, source]]));
  expect(shown).toMatchObject({
    JWT_SECRET: [null, 'set'],
    DATABASE_URL: [null, 'set'],
    AUDIT_KEY: [null, 'generated'],
    ADMIN_PASSWORD: [null, 'default'],
    LOGIN_DAYS: ['7', 'set'],
    API_DOCS: ['on', 'default'],
    SELF_REGISTRATION: ['on', 'default'],
    INFERENCE_THREADS: [String(config.inferenceThreads), 'default'],
  });
  expect(Object.keys(shown)).toEqual(Object.keys(Settings.shape));
  for (const hidden of [SECRET, 'pa%20ss']) expect(JSON.stringify(config.settings)).not.toContain(hidden);
});
