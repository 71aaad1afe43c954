import { Worker } from 'node:worker_threads';
import './no-telemetry.ts';
import type { FromWorker, ToWorker } from './jobs.ts';
import type { WorkerModels } from './load.ts';

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export type Answer = Exclude<FromWorker, { type: 'ready' }>;

export interface ThreadEvents {
  answer(answer: Answer): void;
  /** A thread ended after it was ready, whatever the reason. The job it had is lost. */
  died(error: Error): void;
}

/**
 * A fixed set of worker threads, each answering one job at a time; jobs wait in order while all are busy. The queue has no bound of its
 * own: the main process bounds what it has outstanding.
 */
export class Threads {
  readonly #idle: Worker[] = [];
  readonly #waiting: ToWorker[] = [];
  readonly #events: ThreadEvents;

  private constructor(events: ThreadEvents) {
    this.#events = events;
  }

  /**
   * Resolves when every thread has loaded its models and made a run.
   * @throws what the first failing thread threw; the others are then stopped
   */
  static async start(count: number, models: WorkerModels, events: ThreadEvents): Promise<Threads> {
    const threads = new Threads(events);
    const workers = Array.from({ length: count }, () => new Worker(ENTRY, { workerData: models }));
    // All of them are waited for, also when one has failed: ending a thread that is inside the runtime aborts the process.
    const starts = await Promise.allSettled(workers.map((worker) => threads.#add(worker)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw failed.reason;
    }
    return threads;
  }

  submit(job: ToWorker): void {
    const worker = this.#idle.pop();
    if (worker) dispatch(worker, job);
    else this.#waiting.push(job);
  }

  /** Settles when the thread is ready or has failed to be; from then on the listeners serve its answers and its end. */
  #add(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      let ready = false;
      const ended = (error: Error): void => {
        if (ready) this.#events.died(error);
        else reject(error);
      };
      worker.on('error', ended);
      worker.on('exit', (code) => ended(new Error(`an inference thread ended, code ${code}`)));
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') {
          ready = true;
          resolve();
        } else {
          this.#events.answer(message);
        }
        this.#free(worker);
      });
    });
  }

  #free(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next) dispatch(worker, next);
    else this.#idle.push(worker);
  }
}

function dispatch(worker: Worker, { job, jpeg }: ToWorker): void {
  // What IPC delivers is a view on the channel's own read buffer, which must not be given away: transfer a copy.
  // (`slice` would not do: on a Buffer it is another view.)
  const copy = new Uint8Array(jpeg);
  worker.postMessage({ type: 'analyse', job, jpeg: copy } satisfies ToWorker, [copy.buffer]);
}
