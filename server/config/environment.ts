import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError } from './error.ts';

/** Settings that may also be given as `NAME_FILE`. */
export const SECRET_NAMES = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'PGPASSWORD',
  'JWT_SECRET',
  'ADMIN_PASSWORD',
  'EVIDENCE_KEY',
  'AUDIT_KEY',
  'METRICS_TOKEN',
  'SMTP_URL',
  'NATS_URL',
] as const;

/** `NAME_FILE` names a file with the secret `NAME`, as container platforms mount them. */
function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const merged = { ...env };
  for (const name of SECRET_NAMES) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set`);
    try {
      merged[name] = readFileSync(path, 'utf8').trim();
    } catch {
      throw new ConfigError(`${name}_FILE cannot be read`);
    }
    // An error, since treating it as unset would open the embedded database or generate a secret.
    if (merged[name] === '') throw new ConfigError(`${name}_FILE is empty`);
  }
  return merged;
}

/** Empty variables count as unset: compose files pass missing ones that way. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** @throws ConfigError with every invalid setting, one per line */
export function parseEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(withoutEmpty(withSecretFiles(environment)));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}
