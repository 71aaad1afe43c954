import { databaseSettings } from '../../simulator/server/database-settings.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import { AccessTokens } from '../../server/auth/logins/tokens.ts';
import { type CpuSplit, readCpu } from '../cpu-meter.ts';
import { listenerAt } from '../http/cpu.ts';
import { childrenOf, readStats } from '../../simulator/server/process-stats.ts';
import { ServerMetrics } from '../../simulator/server/server-metrics.ts';
import { ServerProcess } from '../../simulator/server/server-process.ts';
import { Api } from '../../simulator/api.ts';
import type { SeededDatabase, SeededLogin, SeededStudent } from './database.ts';

const POSTGRES_PORT = 5432;

export interface SeededServerOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Module to run, as in `ServerOptions`. */
  readonly entry?: string | undefined;
  readonly say: (line: string) => void;
  /** Collects error messages. */
  readonly errors: string[];
}

/** The compiled server on a previously seeded database. */
export class SeededServer {
  readonly #server: ServerProcess;
  readonly #database: number | undefined;
  readonly #access: AccessTokens;

  private constructor(server: ServerProcess, database: number | undefined, access: AccessTokens) {
    this.#server = server;
    this.#database = database;
    this.#access = access;
  }

  static async start(
    { url, folder, secret }: SeededDatabase,
    { env = {}, entry, say, errors }: SeededServerOptions,
  ): Promise<SeededServer> {
    const own = {
      ...databaseSettings(url),
      DATA_DIR: folder,
      JWT_SECRET: secret,
      JWT_SECRET_FILE: undefined,
      PORT: '0',
      DRAIN_SECONDS: '0',
    };
    const server = await ServerProcess.start({
      env: { ...own, ...env },
      warn: (message) => say(`server: ${message}`),
      died: (code) => void errors.push(`the server ended with code ${code}`),
      ...(entry !== undefined && { entry }),
    });
    const database = url === undefined ? undefined : listenerAt(Number(new URL(url).port || POSTGRES_PORT));
    if (url !== undefined && database === undefined)
      say("no process on this machine listens on PostgreSQL's port: its processor time is not measured");
    return new SeededServer(server, database, new AccessTokens(secret, Date.now));
  }

  get url(): string {
    return this.#server.url;
  }

  get pid(): number {
    return this.#server.pid;
  }

  cpu(): CpuSplit {
    return readCpu(this.pid, this.#database);
  }

  /** Resident memory, bytes. */
  memory(): { readonly main: number; readonly host: number } {
    const host = childrenOf(this.pid).reduce((sum, child) => sum + (readStats(child)?.rss ?? 0), 0);
    return { main: readStats(this.pid)?.rss ?? 0, host };
  }

  metrics(): Promise<ServerMetrics> {
    return ServerMetrics.read(this.url);
  }

  health(): Promise<Record<string, unknown>> {
    return new Api(this.url).health();
  }

  /** An access token, as issued at login. */
  token({ user, login }: SeededLogin, role: Role): Promise<string> {
    return this.#access.sign({ id: user, role }, login);
  }

  /** Requests a ticket over the API. @throws ApiError */
  async ticket({ session, ...who }: SeededStudent): Promise<string> {
    const token = await this.token(who, 'student');
    return (await new Api(this.url, token).ticket(session)).ticket;
  }

  /** @throws ApiError */
  async consoleTicket(who: SeededLogin): Promise<string> {
    const token = await this.token(who, 'proctor');
    return (await new Api(this.url, token).consoleTicket()).ticket;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
