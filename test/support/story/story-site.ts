import type { Db } from '../../../db/executor.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../api.ts';
import { createDatabase, type TestDatabase } from '../databases.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { PASSWORD } from '../term/page-steps.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A server with an open database and a clock that can be moved, which outlives its restart. */
export class StorySite {
  readonly #database: TestDatabase;
  #server: TestServer | undefined;
  #db: Db | undefined;
  #ahead = 0;

  private constructor(database: TestDatabase) {
    this.#database = database;
  }

  static async start(): Promise<StorySite> {
    const site = new StorySite(await createDatabase('pglite', 'admin'));
    await site.restart();
    return site;
  }

  get url(): string {
    return this.#server!.url;
  }
  get dataDir(): string {
    return this.#database.dataDir;
  }
  /** For reading back what pages have changed. */
  get db(): Db {
    return this.#db!;
  }
  get admin(): Api {
    return this.#server!.admin;
  }

  /** Moves the server's clock while it is down, as a night or a week does. Logins are over by then. */
  async later(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.restart();
  }

  async restart(): Promise<void> {
    await this.#server?.close();
    this.#server = await startTestServer({
      database: this.#database,
      env: { EXAMS_OPEN_TO: 'enrolled', SELF_REGISTRATION: 'off' },
      overrides: { clock: () => Date.now() + this.#ahead, db: (real) => (this.#db = real) },
    });
  }

  async account(name: string, email: string, role: Role): Promise<Account> {
    const { id } = await this.admin.post<{ id: string }>('/api/users', { name, email, role, password: PASSWORD });
    return { id, name, email };
  }

  /** A client of the HTTP API, logged in anew. */
  async as({ email }: Account): Promise<Api> {
    const api = this.#server!.api();
    await api.login(email, PASSWORD);
    return api;
  }

  assign = (exam: Exam, { id }: Account, room?: string) =>
    this.admin.post(`/api/exams/${exam.id}/staff`, { userId: id, ...(room !== undefined && { room }) });

  /** Ends the server; the database stays, as for a command of an operator. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#database.remove();
  }
}
