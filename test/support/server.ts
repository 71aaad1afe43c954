import { type Overrides, type Server, startServer } from '../../server/context.ts';
import { readConfig } from '../../server/config.ts';
import { ADMIN, CHEAP_HASHES } from './admin.ts';
import { Api } from './api.ts';
import { createDatabase, type Kind, type TestDatabase } from './databases.ts';

export interface TestServer {
  readonly server: Server;
  readonly url: string;
  readonly admin: Api;
  readonly database: TestDatabase;
  /** An API client without a login. */
  api(): Api;
  /** A new student, logged in. */
  student(name?: string): Promise<Api>;
  proctor(): Promise<Api>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestServerOptions {
  readonly kind?: Kind;
  readonly database?: TestDatabase;
  readonly env?: NodeJS.ProcessEnv;
  readonly overrides?: Overrides;
  /** Starts the inference host and waits until the models are loaded. Without it frames are not analysed. */
  readonly vision?: boolean;
  /** Hashes passwords at the cost of production: for tests of what many logins cost. */
  readonly costlyHashes?: boolean;
}

/** On a busy machine, frames of tests on other subjects must not expire, ms. */
export const PATIENCE = { deadlineMs: 30_000, startMs: 120_000 };
let accounts = 0;

/** The real server, in this process, on a free port, with its own database. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = options.database ?? (await createDatabase(options.kind ?? 'pglite', 'admin'));
  const { config, secrets } = readConfig({
    PORT: '0',
    DATA_DIR: database.dataDir,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    // A database passed by the test may have no admin yet. Where it has, checking the password would only take time.
    ...(options.database &&
      options.database.content !== 'admin' && { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password }),
    VISION: options.vision ? 'on' : 'off',
    DRAIN_SECONDS: '0',
    // The test client checks every response against it.
    API_DOCS: 'on',
    // Students register themselves and sit without an enrolment; tests of these rules set their own.
    EXAMS_OPEN_TO: 'all',
    ...(database.url === undefined ? {} : { DATABASE_URL: database.url }),
    ...options.env,
  });
  const server = await startServer(config, secrets, {
    // Tests of the limits themselves bring their own host.
    ...(options.overrides?.inferenceHost === undefined && { inferencePatience: PATIENCE }),
    ...(!options.costlyHashes && { hashCost: CHEAP_HASHES }),
    ...options.overrides,
  });
  if (options.vision) await waitFor('vision', () => server.pool.vision.state !== 'starting', PATIENCE.startMs);
  const admin = new Api(server.url);
  await admin.login(ADMIN.email, ADMIN.password);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await server.close();
    if (!options.database) await database.remove();
  };
  return {
    server,
    url: server.url,
    admin,
    database,
    api: () => new Api(server.url),
    student: async (name = 'Student') => {
      const api = new Api(server.url);
      await api.register(`student-${++accounts}@example.org`, `${name}'s password`, name);
      return api;
    },
    proctor: async () => {
      const email = `proctor-${++accounts}@example.org`;
      await admin.post('/api/users', { email, password: 'a proctor password', name: 'Proctor', role: 'proctor' });
      const api = new Api(server.url);
      await api.login(email, 'a proctor password');
      return api;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Polls until the condition is true. @throws Error after the timeout */
export async function waitFor(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 120_000,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
