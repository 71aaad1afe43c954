import { newPassword } from '../own-server.ts';
import { Api } from '../simulator/api.ts';
import { makeExam } from '../simulator/exam.ts';
import { SignalClient } from './signal-client.ts';

export interface SignalSample {
  readonly perSecond: number;
  /** From send to acknowledgement, ms. */
  readonly latencies: readonly number[];
}

/** Students with a session and a socket each, on one server. */
export class SignalLoad {
  readonly #clients: readonly SignalClient[];

  private constructor(clients: readonly SignalClient[]) {
    this.#clients = clients;
  }

  /** @param window signals on their way, each student */
  static async prepare(url: string, admin: Api, students: number, window: number): Promise<SignalLoad> {
    const exam = await makeExam(admin, 'Signals', undefined);
    const clients: SignalClient[] = [];
    for (let from = 0; from < students; from += 16) {
      const some = Array.from({ length: Math.min(16, students - from) }, async () => {
        const student = new Api(url);
        await student.register(`student-${newPassword().toLowerCase()}@example.org`, newPassword(), 'Student');
        return SignalClient.connect(url, student, (await student.startSession(exam)).id, window);
      });
      clients.push(...(await Promise.all(some)));
    }
    return new SignalLoad(clients);
  }

  get errors(): string[] {
    return this.#clients.flatMap(({ error }) => error ?? []);
  }

  async run(secs: number): Promise<SignalSample> {
    const acked = () => this.#clients.reduce((sum, client) => sum + client.acked, 0);
    const [before, from] = [acked(), performance.now()];
    for (const client of this.#clients) client.start();
    await new Promise((resolve) => setTimeout(resolve, secs * 1000));
    const perSecond = ((acked() - before) / (performance.now() - from)) * 1000;
    await Promise.all(this.#clients.map((client) => client.stop()));
    return { perSecond, latencies: this.#clients.flatMap((client) => client.takeLatencies()) };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}
