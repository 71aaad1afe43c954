import { z } from 'zod';
import { DatabaseUrlError, targetOf } from '../../db/postgres/target.ts';
import { type DatabaseUrl, formatDatabaseUrl, parseDatabaseUrl } from '../../db/postgres/url.ts';
import { ConfigError } from './error.ts';

export const databaseSettings = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .refine(
      (url) => parseDatabaseUrl(url) !== undefined,
      'is not a URL; reserved characters of a password are best given as DATABASE_PASSWORD',
    )
    .optional(),
  DATABASE_PASSWORD: z.string().optional(),
  PGHOST: z.string().optional(),
  PGPORT: z.string().optional(),
  PGDATABASE: z.string().optional(),
  PGUSER: z.string().optional(),
  PGPASSWORD: z.string().optional(),
  PGSSLMODE: z.string().optional(),
  PGSSLROOTCERT: z.string().optional(),
  PGSSLCERT: z.string().optional(),
  PGSSLKEY: z.string().optional(),
  PGAPPNAME: z.string().optional(),
  PGCONNECT_TIMEOUT: z.string().optional(),
  PGTARGETSESSIONATTRS: z.string().optional(),
});

/** Settings that are also read as `NAME_FILE`. */
export const DATABASE_SETTINGS = [
  ...Object.keys(databaseSettings.shape),
  'DATABASE_URL_FILE',
  'DATABASE_PASSWORD_FILE',
  'PGPASSWORD_FILE',
];

/** Parameters of the URL that libpq also reads from the environment. */
const PARAMETERS = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
} as const;

type DatabaseEnvironment = z.output<typeof databaseSettings>;

const NONE: DatabaseUrl = {
  user: undefined,
  password: undefined,
  hosts: [],
  ports: [],
  database: undefined,
  parameters: new Map(),
};

/**
 * The database by `DATABASE_URL`, completed from `DATABASE_PASSWORD` and libpq's variables, or by these alone with
 * `PGHOST`; undefined: the embedded database.
 * @throws ConfigError without the password
 */
export function databaseUrlOf(env: DatabaseEnvironment): string | undefined {
  const { DATABASE_URL: given, DATABASE_PASSWORD: password } = env;
  if (given === undefined && env.PGHOST === undefined) {
    if (password !== undefined) throw new ConfigError('DATABASE_PASSWORD is set without DATABASE_URL or PGHOST');
    return undefined;
  }
  const url = given === undefined ? NONE : parseDatabaseUrl(given)!;
  if (password !== undefined) {
    if (url.password !== undefined)
      throw new ConfigError('DATABASE_PASSWORD is set, but DATABASE_URL already has a password');
    if (url.user === undefined && env.PGUSER === undefined)
      throw new ConfigError('DATABASE_PASSWORD is set, but neither DATABASE_URL nor PGUSER names a user');
  }
  const complete = completed(url, env);
  const setting = given === undefined ? 'PGHOST' : 'DATABASE_URL';
  const written = complete === url ? given! : formatDatabaseUrl(complete);
  try {
    targetOf(written);
  } catch (error) {
    if (error instanceof DatabaseUrlError) throw new ConfigError(`${setting}: ${error.message}`);
    throw error;
  }
  return written;
}

/** The same object if the environment adds nothing. */
function completed(url: DatabaseUrl, env: DatabaseEnvironment): DatabaseUrl {
  const parameters = Object.entries(PARAMETERS)
    .map(([name, variable]) => [name, env[variable]] as const)
    .filter((pair): pair is [keyof typeof PARAMETERS, string] => pair[1] !== undefined && !url.parameters.has(pair[0]));
  const password = url.password ?? env.DATABASE_PASSWORD ?? env.PGPASSWORD;
  const user = url.user ?? env.PGUSER;
  const database = url.database ?? env.PGDATABASE;
  const hosts = url.hosts.length > 0 ? url.hosts : (env.PGHOST?.split(',') ?? []);
  const ports = url.ports.some((port) => port !== undefined) ? url.ports : portsOf(env.PGPORT);
  const isSame =
    parameters.length === 0 &&
    password === url.password &&
    user === url.user &&
    database === url.database &&
    hosts === url.hosts &&
    (ports === url.ports || ports.length === 0);
  if (isSame) return url;
  return { user, password, hosts, ports, database, parameters: new Map([...url.parameters, ...parameters]) };
}

function portsOf(text: string | undefined): number[] {
  const ports = (text ?? '').split(',').filter(Boolean).map(Number);
  if (ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    throw new ConfigError('PGPORT: must be a port, or one for each host, separated by commas');
  return ports;
}
