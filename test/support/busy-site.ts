import type { PolicyInput } from '../../protocol/policy.ts';
import { Api } from './api.ts';
import { createDatabase, type TestDatabase } from './databases.ts';
import { freePort, ServerProcess } from './process.ts';
import { waitFor } from './server.ts';
import { SteadySession } from './steady-session.ts';

const PASSWORD = 'long enough for tests';

/** A server in its own process, with one exam and any number of students. */
export class BusySite {
  readonly server: ServerProcess;
  readonly #database: TestDatabase;
  #admin: Api | undefined;
  #examId = '';
  #accounts = 0;

  private constructor(server: ServerProcess, database: TestDatabase) {
    this.server = server;
    this.#database = database;
  }

  static async start(env: NodeJS.ProcessEnv = {}, policy: PolicyInput = {}): Promise<BusySite> {
    const database = await createDatabase('pglite');
    const site = new BusySite(new ServerProcess(await freePort(), database, { LOG_LEVEL: 'warn', ...env }), database);
    await site.server.start();
    site.#admin = await site.server.admin();
    site.#examId = (await site.#admin.createExam(policy)).id;
    await waitFor(
      'the models',
      async () => ((await (await fetch(`${site.url}/ready`)).json()) as { ready: boolean }).ready,
      120_000,
    );
    return site;
  }

  get url(): string {
    return this.server.url;
  }

  get admin(): Api {
    return this.#admin!;
  }

  get examId(): string {
    return this.#examId;
  }

  async student(): Promise<{ readonly api: Api; readonly sessionId: string }> {
    const api = new Api(this.url);
    await api.register(`student-${++this.#accounts}@example.org`, PASSWORD, 'Student');
    return { api, sessionId: (await api.startSession(this.#examId)).id };
  }

  /** In batches: each registration hashes a password. */
  async students(count: number): Promise<{ readonly api: Api; readonly sessionId: string }[]> {
    const all = [];
    while (all.length < count)
      all.push(...(await Promise.all(Array.from({ length: Math.min(8, count - all.length) }, () => this.student()))));
    return all;
  }

  async steadySessions(count: number): Promise<SteadySession[]> {
    const students = await this.students(count);
    return Promise.all(students.map(({ api, sessionId }) => SteadySession.open(api, sessionId)));
  }

  async close(): Promise<void> {
    await this.server.stop('SIGKILL');
    await this.#database.remove();
  }
}
