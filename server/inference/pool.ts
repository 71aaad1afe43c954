import { setPriority } from 'node:os';
import type { FromHost, LoadedModel, ModelChoice, ThreadAnswer } from '../../models/jobs.ts';
import { readManifest } from '../../models/manifest.ts';
import { moduleArgs, modulePath } from '../../models/module-path.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { HostLog } from './host-log.ts';
import { type HostEnd, HostProcess } from './host-process.ts';
import { inheritedDescriptors } from './inherited.ts';
import { Respawn } from './respawn.ts';
import type { Analyser, Outcome, Picture } from './scheduler.ts';
import type { ThreadChannel } from './thread-channel.ts';

/** A worker that takes longer for a frame hangs. */
const DEADLINE_MS = 1000;
/** Maximum time for a host to load its weights. */
const START_MS = 30_000;
/**
 * Work of the main process and the database is short and waited for; frames get the remaining time of all
 * cores. Measured on two with 64 sessions: 317 frames/s, and 22 ms for the 99th percentile of acknowledgements; with
 * the same priority 240 and 45, with one thread fewer 167 and 45.
 */
const HOST_NICE = 8;
/** Frames with each worker: one in progress, one that is ready when it has finished. */
const DEPTH = 2;

export type Vision =
  /** `reason`: the last host ended, or could not be started. */
  | { readonly state: 'starting'; readonly reason?: string }
  | { readonly state: 'on'; readonly models: readonly LoadedModel[] }
  /** Frames no longer wait for the models; starts are retried, and one that succeeds turns vision on. */
  | { readonly state: 'off'; readonly reason: string };

/** Replaced by tests. */
export interface PoolOptions {
  /** Module that is run in place of `models/host.js`; nothing but tests can name one. */
  readonly entry?: string | undefined;
  readonly execPath?: string;
  readonly startMs?: number;
  readonly deadlineMs?: number;
}

/**
 * Read once: descriptors may be short when a host starts. Without a manifest a host has nothing to load, and reports
 * the reason.
 */
function knownModels(): readonly LoadedModel[] {
  try {
    return readManifest();
  } catch {
    return [];
  }
}

/**
 * Starts, feeds, watches and replaces the inference host. Every frame given to `analyse` is settled, whatever happens
 * to the host, and a failed start is always retried.
 */
export class InferencePool implements Analyser {
  readonly #choice: ModelChoice;
  readonly #threads: number;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #options: PoolOptions;
  readonly #deadlineMs: number;
  /** Looked up once: with thousands of sockets open it would take a while. */
  readonly #inherited = inheritedDescriptors();
  readonly #hostLog: HostLog;
  readonly #known = knownModels();
  readonly #respawn = new Respawn();
  #host: HostProcess | undefined;
  /** `performance.now` of when the host was ready. */
  #readyAt: number | undefined;
  /** Exits of killed hosts. */
  readonly #leaving = new Set<Promise<void>>();
  #vision: Vision = { state: 'starting' };
  /** The frame in progress must be the only one. */
  #isolating = false;
  #closed = false;
  #watch: NodeJS.Timeout | undefined;
  #startLimit: NodeJS.Timeout | undefined;
  #nextStart: NodeJS.Timeout | undefined;
  /** Called when frames can flow again, or when vision went off. */
  onChange: () => void = () => {};

  constructor(choice: ModelChoice, threads: number, log: Logger, metrics: Metrics, options: PoolOptions = {}) {
    this.#choice = choice;
    this.#threads = threads;
    this.#log = log;
    this.#metrics = metrics;
    this.#options = options;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#hostLog = new HostLog((said) => log.warn({ said }, 'inference host'));
  }

  get vision(): Vision {
    return this.#vision;
  }

  get hostPid(): number | undefined {
    return this.#host?.pid;
  }

  get free(): number {
    return this.#vision.state === 'on' && !this.#isolating ? this.#threads * DEPTH - this.#load : 0;
  }

  get idle(): boolean {
    return this.#load === 0;
  }

  /** Never throws: a start that fails is tried again. */
  start(): void {
    // Checked after this turn's messages are read: a busy main process must not blame the host.
    this.#watch ??= setInterval(() => setImmediate(() => this.#endIfHung()), this.#deadlineMs / 4);
    this.#watch.unref();
    this.#launch();
  }

  /** Instead of `start`: there is to be no host. */
  leaveOff(reason: string): void {
    this.#vision = { state: 'off', reason };
    this.#changed();
  }

  /** Call only while `free` is above 0. Never rejects. */
  analyse(picture: Picture, isolated = false): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#isolating = isolated;
      const channel = this.#channels.reduce((least, candidate) => (candidate.load < least.load ? candidate : least));
      channel.analyse(picture, resolve);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    clearTimeout(this.#nextStart);
    this.#vision = { state: 'off', reason: 'server is stopping' };
    this.#release();
    await Promise.all(this.#leaving);
  }

  #launch(): void {
    try {
      const host = new HostProcess(
        {
          models: this.#choice,
          known: this.#known,
          threads: this.#threads,
          entry: this.#options.entry ?? modulePath('models/host'),
          args: moduleArgs,
          execPath: this.#options.execPath ?? process.execPath,
          inherited: this.#inherited,
          log: this.#hostLog,
        },
        {
          said: (message) => this.#receive(message),
          answered: (answer) => this.#observe(answer),
          ended: (end) => this.#ended(end),
        },
      );
      this.#host = host;
      this.#giveWay(host);
      this.#startLimit = setTimeout(() => this.#lose('was not ready in time'), this.#options.startMs ?? START_MS);
    } catch (error) {
      this.#ended({ kind: 'error', error: error as Error });
    }
  }

  #giveWay({ pid }: HostProcess): void {
    try {
      // Its threads are not there yet and inherit it.
      if (pid !== undefined) setPriority(pid, HOST_NICE);
    } catch (error) {
      this.#log.debug({ err: error }, 'the inference host keeps the priority of the server');
    }
  }

  #receive(message: FromHost): void {
    clearTimeout(this.#startLimit);
    if (message.type === 'unavailable') return this.#unavailable(message.reason);
    this.#respawn.ready();
    this.#readyAt = performance.now();
    this.#vision = { state: 'on', models: message.models };
    this.#log.info(
      { models: message.models.map((model) => `${model.name}@${model.version}`), threads: this.#threads },
      'vision is on',
    );
    this.#changed();
  }

  /** Weights may be added later: the host that lacks them is replaced by one that looks again. */
  #unavailable(reason: string): void {
    this.#turnOff(reason);
    this.#release();
    this.#startLater(undefined);
  }

  #turnOff(reason: string): void {
    const before = this.#vision;
    this.#vision = { state: 'off', reason };
    if (before.state === 'off' && before.reason === reason) return;
    this.#log.error({ reason }, 'vision is off: frames are accepted and not analysed');
    this.#changed();
  }

  /** Deferred: an error in a listener must not count as a violation of the host. */
  #changed(): void {
    queueMicrotask(() => this.onChange());
  }

  #observe(answer: ThreadAnswer): void {
    // An isolated one is the only one.
    this.#isolating = false;
    if (answer.type === 'failed') return;
    const { ms } = answer.detection;
    this.#metrics.inferenceTime.observe({ step: 'decode' }, ms.decode / 1000);
    if (answer.followed) this.#metrics.framesFollowed.inc();
    else this.#metrics.inferenceTime.observe({ step: 'detect' }, ms.detect / 1000);
    this.#metrics.inferenceTime.observe({ step: 'pose' }, ms.pose / 1000);
  }

  get #channels(): readonly ThreadChannel[] {
    return this.#host?.channels ?? [];
  }

  /** Frames that are with the threads. */
  get #load(): number {
    let load = 0;
    for (const channel of this.#channels) load += channel.load;
    return load;
  }

  #isHung(channel: ThreadChannel): boolean {
    return channel.age(performance.now()) >= this.#deadlineMs;
  }

  #endIfHung(): void {
    if (this.#channels.some((channel) => this.#isHung(channel))) this.#lose('hangs');
  }

  /**
   * Threads whose frame in progress may have ended the host: those that hang, or else all that were busy. Frames behind
   * the first one only waited.
   */
  #suspects(): ReadonlySet<ThreadChannel> {
    const looking = this.#channels.filter(({ load }) => load > 0);
    const hung = looking.filter((channel) => this.#isHung(channel));
    return new Set(hung.length > 0 ? hung : looking);
  }

  #ended(end: HostEnd): void {
    switch (end.kind) {
      case 'exit':
        return this.#lose('ended', { code: end.code, signal: end.signal });
      case 'error': {
        const { code } = end.error as NodeJS.ErrnoException;
        return this.#lose(`could not be started${code === undefined ? '' : `: ${code}`}`, { err: end.error });
      }
      case 'violation': {
        const { violation, message, cause } = end.violation;
        this.#metrics.hostViolations.inc({ violation });
        return this.#lose(`broke its protocol: ${message}`, {
          violation,
          ...(cause === undefined ? {} : { err: cause }),
        });
      }
    }
  }

  /** The host is given up: its frames are settled, and another one is started. */
  #lose(what: string, details: Readonly<Record<string, unknown>> = {}): void {
    if (this.#closed) return;
    this.#log.error({ ...details, lost: this.#load }, `the inference host ${what}`);
    if (this.#host) this.#metrics.hostRestarts.inc();
    const readyMs = this.#readyAt === undefined ? undefined : performance.now() - this.#readyAt;
    // Before its frames are settled: their sources offer the next ones at once.
    if (this.#vision.state !== 'off') this.#vision = { state: 'starting', reason: `the inference host ${what}` };
    this.#release();
    this.#startLater(readyMs);
    if (this.#respawn.isHopeless) this.#turnOff(`the inference host ${what}`);
  }

  /** Kills the host and settles its frames as lost. */
  #release(): void {
    clearTimeout(this.#startLimit);
    const host = this.#host;
    if (!host) return;
    const suspects = this.#suspects();
    const lost = this.#channels.flatMap((channel) =>
      channel.takeLost().map((resolve, place) => ({ resolve, suspect: place === 0 && suspects.has(channel) })),
    );
    this.#host = undefined;
    this.#readyAt = undefined;
    this.#isolating = false;
    host.kill();
    const leaving = host.gone.then(() => void this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    for (const { resolve, suspect } of lost) resolve({ type: 'lost', suspects: suspect ? suspects.size : 0 });
  }

  #startLater(readyMs: number | undefined): void {
    this.#nextStart = setTimeout(() => this.#launch(), this.#respawn.after(readyMs));
  }
}
