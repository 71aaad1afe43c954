import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Settings } from '../../server/config.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('.env.example lists every setting that the server reads, and no other', () => {
  const listed = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]!);
  expect(listed.sort()).toEqual(Object.keys(Settings.shape).sort());
});

/** Fixed by the image or by the compose file itself. */
const FIXED = /^(NODE_ENV|HOST|PORT|(DATA|EVIDENCE|AUDIT|MODELS)_DIR|DATABASE_URL|PG[A-Z_]+)$/;
const SECRET = /^(JWT_SECRET|AUDIT_KEY|EVIDENCE_KEY|METRICS_TOKEN|SMTP_URL|NATS_URL|ADMIN_PASSWORD|DATABASE_PASSWORD)$/;

test('compose.yaml passes on every setting, and secrets as files only', () => {
  const passed = new Set([...read('compose.yaml').matchAll(/^ {6}([A-Z_]+): /gm)].map((match) => match[1]!));
  const missing = Object.keys(Settings.shape).filter(
    (name) => !FIXED.test(name) && !passed.has(SECRET.test(name) ? `${name}_FILE` : name),
  );
  expect(missing).toEqual([]);
  expect([...passed].filter((name) => SECRET.test(name))).toEqual([]);
});
