import pg from 'pg';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../unavailable.ts';
import { prepareSession, STARTUP } from './session.ts';
import { type Target, targetOf } from './target.ts';

/** A server without TLS, or whose access rules want the other kind of connection (`pg_hba.conf`). */
function wantsOtherEncryption(error: Error & { code?: unknown }): boolean {
  const code = typeof error.code === 'string' ? error.code : '';
  return code === '28000' || /^(?:EPROTO|ERR_SSL|ERR_TLS)/.test(code) || /SSL connection/.test(error.message);
}

/** Shortest limit of the server for statements and idle connections, ms. */
const LEAST_MS = 15_000;

export interface ServersOptions {
  /** Whether servers that take no writes are passed over. */
  readonly writes?: boolean | undefined;
}

/** The servers of a target: the one in use, and the order in which others are tried. */
export class Servers {
  readonly target: Target;
  readonly writes: boolean;
  #at = 0;
  /** Encryption in use, by server. */
  readonly #encryption: number[];
  #generation = 0;

  /** @throws DatabaseUrlError */
  constructor(url: string, { writes = true }: ServersOptions = {}) {
    this.target = targetOf(url);
    this.writes = writes;
    this.#encryption = this.target.servers.map(() => 0);
  }

  /** Rises when connections made before are to be closed. */
  get generation(): number {
    return this.#generation;
  }

  /** The next connection's server and encryption. */
  get choice(): { readonly server: number; readonly encryption: number } {
    return { server: this.#at, encryption: this.#encryption[this.#at]! };
  }

  /** Connecting failed: another encryption or server is next. */
  failed({ server, encryption }: Servers['choice'], error: Error): void {
    if (this.#encryption[server] === encryption) {
      const isLast = encryption + 1 >= this.target.servers[server]!.encryptions.length;
      if (!isLast && wantsOtherEncryption(error)) {
        this.#encryption[server] = encryption + 1;
        return;
      }
      this.#encryption[server] = 0;
    }
    if (server === this.#at) this.#at = (server + 1) % this.target.servers.length;
  }

  /** The server of an open connection is the wrong one, or lost: all its connections are closed. */
  leave({ choice, generation }: Pick<ServerClient, 'choice' | 'generation'>): void {
    if (generation !== this.#generation) return;
    this.#generation += 1;
    if (choice.server === this.#at) this.#at = (choice.server + 1) % this.target.servers.length;
  }

  /**
   * Connects to the first server that can be used, beginning with the last good one.
   * @throws DatabaseUnavailableError with the last failure, or DatabaseRefusedError
   */
  async reach<T>(connect: () => Promise<T>): Promise<T> {
    const tried = new Set<string>();
    let failure: Error | undefined;
    for (;;) {
      const { server, encryption } = this.choice;
      const key = `${server} ${encryption}`;
      if (tried.has(key)) throw new DatabaseUnavailableError(failure ?? new Error('no server'));
      tried.add(key);
      try {
        return await connect();
      } catch (error) {
        if (!(error instanceof Error) || error instanceof DatabaseRefusedError) throw error;
        // An error that only leads to the server's next encryption explains nothing if that one fails or has failed.
        const isLast = encryption + 1 >= this.target.servers[server]!.encryptions.length;
        if (!failure || isLast || !wantsOtherEncryption(error)) failure = error;
      }
    }
  }

  /** A connection outside of the pools. @throws as `reach` */
  connect(config: pg.ClientConfig, suffix: string): Promise<pg.Client> {
    const Client = clientOf(this, suffix);
    return this.reach(async () => {
      const client = new Client(config);
      await client.connect();
      return client;
    });
  }
}

/** A connection to the server that was chosen when it was made. */
export interface ServerClient extends pg.Client {
  readonly choice: Servers['choice'];
  readonly generation: number;
}

/**
 * Class of the connections to these servers, as `pg.Pool` takes it. A connection is open when its session was checked.
 * @param suffix of the application's name
 */
export function clientOf(servers: Servers, suffix = ''): new (config?: pg.ClientConfig) => ServerClient {
  const { target } = servers;
  return class extends pg.Client implements ServerClient {
    readonly choice: Servers['choice'];
    readonly generation: number;
    readonly #leastMs: number;

    constructor(config: pg.ClientConfig = {}) {
      const { choice, generation } = servers;
      const { host, port, encryptions } = target.servers[choice.server]!;
      const encryption = encryptions[choice.encryption]!;
      super({
        ...config,
        host,
        port,
        user: target.user,
        password: target.password,
        database: target.database,
        ssl: encryption === false ? false : { ...encryption },
        application_name: target.applicationName + suffix,
        connectionTimeoutMillis: target.connectTimeoutMs,
        keepAlive: true,
      });
      this.choice = choice;
      this.generation = generation;
      this.#leastMs = Math.max(LEAST_MS, config.query_timeout ?? 0);
      // A connection that breaks between two queries must not end the process.
      this.on('error', () => {});
    }

    /** Called by node-postgres for the startup packet. */
    getStartupConf(): Record<string, string> {
      const prototype = pg.Client.prototype as unknown as { getStartupConf(): Record<string, string> };
      return { ...prototype.getStartupConf.call(this), ...STARTUP };
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
    override connect(callback?: unknown): Promise<pg.Client> | void {
      const opened = this.#open();
      if (callback === undefined) return opened;
      const report = callback as (error: Error | null) => void;
      opened.then(() => report(null), report);
    }

    async #open(): Promise<pg.Client> {
      try {
        await super.connect();
        await prepareSession(this, servers.writes, this.#leastMs);
        return this;
      } catch (error) {
        servers.failed(this.choice, error as Error);
        void this.end().catch(() => {});
        throw error;
      }
    }
  };
}
