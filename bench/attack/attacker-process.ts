import { type ChildProcess, fork } from 'node:child_process';
import { modulePath } from '../../models/module-path.ts';
import type { Answers, AttackPlan } from './plan.ts';

interface Report {
  readonly answers: Answers;
  readonly failed?: string;
}

/** One attack, run in its own process. */
export class AttackerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it is ready. */
  static async start(): Promise<AttackerProcess> {
    const child = fork(modulePath('bench/attack/attacker'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.removeListener('exit', kill));
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the attacker exited with code ${code}`)));
    });
    return new AttackerProcess(child);
  }

  /** @param failed receives error messages */
  async run(attack: string, plan: AttackPlan, failed: (why: string) => void): Promise<Answers> {
    const report = await new Promise<Report>((resolve) => {
      this.#child.once('message', (message) => resolve(message as Report));
      this.#child.once('exit', (code) => resolve({ answers: {}, failed: `the attacker exited with code ${code}` }));
      this.#child.send({ attack, plan });
    });
    if (report.failed) failed(`${attack}: ${report.failed}`);
    return report.answers;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
