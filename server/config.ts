import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { accountConfig, accountSettings, type AccountConfig } from './config/accounts.ts';
import { checkSecrets } from './config/check-secrets.ts';
import { parseEnvironment } from './config/environment.ts';
import { ConfigError } from './config/error.ts';
import { examsConfig, examSettings, type ExamsConfig } from './config/exams.ts';
import { exposureConfig, exposureSettings, type ExposureConfig } from './config/exposure.ts';
import { inferenceConfig, inferenceSettings, type InferenceConfig } from './config/inference.ts';
import { loginConfig, loginSettings, type LoginConfig } from './config/logins.ts';
import { mailConfig, mailSettings, type MailConfig } from './config/mail.ts';
import { networkConfig, networkSettings, type NetworkConfig } from './config/network.ts';
import { readSecrets, secretSettings, type Secrets } from './config/secrets.ts';
import { DATABASE_SETTINGS, databaseUrlOf } from './config/database.ts';
import { type ShownSetting, shownSettings, valuesInForce } from './config/shown-settings.ts';
import { storageConfig, storageSettings, type StorageConfig } from './config/storage.ts';

export { ConfigError } from './config/error.ts';
export type { Secrets } from './config/secrets.ts';

const processSettings = z.object({
  /** No other values: a misspelt `Production` must not run with development defaults. */
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(5),
  DRAIN_NOTICE_SECONDS: z.coerce.number().min(0).max(600).optional(),
});

/** All settings, as listed in `.env.example`. */
export const Settings = z.object({
  ...processSettings.shape,
  ...networkSettings.shape,
  ...storageSettings.shape,
  ...secretSettings.shape,
  ...inferenceSettings.shape,
  ...accountSettings.shape,
  ...mailSettings.shape,
  ...examSettings.shape,
  ...loginSettings.shape,
  ...exposureSettings.shape,
});

export interface Config
  extends
    NetworkConfig,
    StorageConfig,
    InferenceConfig,
    ExamsConfig,
    LoginConfig,
    ExposureConfig,
    AccountConfig,
    MailConfig {
  readonly production: boolean;
  /** Settings in force, for administrators; secrets without their values. */
  readonly settings: readonly ShownSetting[];
  readonly logLevel: string;
  /** Folder of the built pages. */
  readonly pages: string;
  /** Time for which a server that is asked to stop still serves, and says so at `/ready`, ms. */
  readonly drainNoticeMs: number;
  /** Time over which sockets are closed after that, ms. */
  readonly drainMs: number;
}

/** Root folder of the project, from source and from `dist/`. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

const only = (environment: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.map((name) => [name, environment[name]]));

/** Storage settings for a command that only reads the log: creates and requires no secrets. @throws ConfigError */
export function readStore(
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Config, 'dataDir' | 'auditDir' | 'evidenceDir'> & Pick<Secrets, 'databaseUrl'> {
  const names = [...DATABASE_SETTINGS, 'DATA_DIR', 'AUDIT_DIR', 'EVIDENCE_DIR'];
  const env = parseEnvironment(storageSettings, only(environment, names));
  const { dataDir, auditDir, evidenceDir } = storageConfig(env);
  return { dataDir, auditDir, evidenceDir, databaseUrl: databaseUrlOf(env) };
}

/** The same with a target and a folder from a command's arguments. @throws ConfigError */
export function readMove(
  given: { readonly to: string | undefined; readonly from: string | undefined },
  environment: NodeJS.ProcessEnv = process.env,
): ReturnType<typeof readStore> {
  return readStore({
    ...environment,
    ...(given.to !== undefined && { DATABASE_URL: given.to, DATABASE_URL_FILE: '' }),
    ...(given.from !== undefined && { DATA_DIR: given.from }),
  });
}

/** Address and storage settings for a command that sets nothing up: creates no secrets. @throws ConfigError */
export function readReach(
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Config, 'dataDir' | 'host' | 'port' | 'publicUrls' | 'basePath'> & Pick<Secrets, 'databaseUrl'> {
  const names = [...DATABASE_SETTINGS, 'DATA_DIR', 'HOST', 'PORT', 'PUBLIC_URL', 'BASE_PATH'];
  const schema = z.object({ ...networkSettings.shape, ...storageSettings.shape });
  const env = parseEnvironment(schema, only(environment, names));
  const { host, port, publicUrls, basePath } = networkConfig(env, false);
  return { dataDir: resolve(env.DATA_DIR), databaseUrl: databaseUrlOf(env), host, port, publicUrls, basePath };
}

/** `DRAIN_SECONDS` is both together. */
function drainTimes({
  DRAIN_SECONDS: all,
  DRAIN_NOTICE_SECONDS: notice = all / 2,
}: Pick<z.output<typeof Settings>, 'DRAIN_SECONDS' | 'DRAIN_NOTICE_SECONDS'>): Pick<
  Config,
  'drainMs' | 'drainNoticeMs'
> {
  if (notice > all) throw new ConfigError('DRAIN_NOTICE_SECONDS: must be at most DRAIN_SECONDS');
  return { drainNoticeMs: notice * 1000, drainMs: (all - notice) * 1000 };
}

/** @returns `warnings`: problems to be logged at start that do not prevent it. @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): {
  config: Config;
  secrets: Secrets;
  warnings: string[];
} {
  const env = parseEnvironment(Settings, environment);
  const production = env.NODE_ENV === 'production';
  const root = projectRoot();
  const network = networkConfig(env, production);
  const settled: Omit<Config, 'settings'> = {
    production,
    ...network,
    ...mailConfig(env, network.publicUrls),
    ...exposureConfig(env, production),
    ...storageConfig(env),
    ...inferenceConfig(env, root),
    ...accountConfig(env),
    ...examsConfig(env),
    ...loginConfig(env, production),
    logLevel: env.LOG_LEVEL,
    pages: join(root, 'dist', 'web'),
    ...drainTimes(env),
  };
  const names = Object.keys(Settings.shape);
  const config: Config = {
    ...settled,
    settings: shownSettings({ ...env, ...valuesInForce(settled) }, names, environment, production),
  };
  const { read, faults } = readSecrets(env, production, config.dataDir);
  return {
    config,
    ...checkSecrets({ databaseUrl: databaseUrlOf(env), ...read }, faults, production),
  };
}
