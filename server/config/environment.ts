import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError } from './error.ts';

/** Settings that can also be given as `NAME_FILE`. */
export const SECRET_NAMES = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'JWT_SECRET',
  'ADMIN_PASSWORD',
  'EVIDENCE_KEY',
  'AUDIT_KEY',
  'METRICS_TOKEN',
] as const;

/** `NAME_FILE` names a file that holds the secret `NAME`, as container platforms mount them. */
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
    // Not as if it were not set: that would open the embedded database, or make up a secret.
    if (merged[name] === '') throw new ConfigError(`${name}_FILE is empty`);
  }
  return merged;
}

/** An empty variable counts as not set: that is how compose files pass on what is missing. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** @throws ConfigError that names every setting that the schema does not take, a line each */
export function parseEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(withoutEmpty(withSecretFiles(environment)));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}
