import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FromHost, LoadedModel, ModelChoice, ThreadAnswer, ToHost } from '../../models/jobs.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { inheritedDescriptors, withBareStdio } from './inherited.ts';
import type { Analyser, Outcome, Picture } from './scheduler.ts';
import { ThreadChannel } from './thread-channel.ts';

/** A frame that takes longer has hung the worker. */
const DEADLINE_MS = 1000;
/** The host may load its weights for so long. */
const START_MS = 30_000;
const RESPAWN_MS = { first: 0, most: 10_000 } as const;
/**
 * What the main process and the database do is short and waited for; frames are looked at with what is left, on all cores. Measured on two with 64
 * sessions: 317 frames/s, and 22 ms for the 99th percentile of acknowledgements; with the same priority 240 and 45, with one thread fewer 167 and 45.
 */
const HOST_NICE = 8;
/** Frames handed over for each worker: one it looks at, one that is there when it has finished. */
const DEPTH = 2;

export type Vision =
  | { readonly state: 'starting' }
  | { readonly state: 'on'; readonly models: readonly LoadedModel[] }
  | { readonly state: 'off'; readonly reason: string };

/** The compiled entry: a forked process and its threads run JavaScript, also when the server runs from source. */
function hostEntry(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/models/' : '../../models/';
  return fileURLToPath(new URL(`${folder}host.js`, import.meta.url));
}

/**
 * Starts, feeds, watches and replaces the inference host. The host has none of our environment and nothing but
 * its IPC channel, one channel a thread for frames, and standard error. Whatever becomes of it, every frame given to `analyse` is settled.
 */
export class InferencePool implements Analyser {
  readonly #choice: ModelChoice;
  readonly #threads: number;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #entry: string;
  /** Looked up once: with thousands of sockets open it would take a while. */
  readonly #inherited = inheritedDescriptors();
  #host: ChildProcess | undefined;
  #channels: readonly ThreadChannel[] = [];
  #vision: Vision = { state: 'starting' };
  #failures = 0;
  /** The one frame that the host has must be the only one. */
  #isolating = false;
  #closed = false;
  #watch: NodeJS.Timeout | undefined;
  #startLimit: NodeJS.Timeout | undefined;
  #respawn: NodeJS.Timeout | undefined;
  /** Told when frames can flow again, or when vision went off. */
  onChange: () => void = () => {};

  /** @param entry module that is forked; tests name one that wraps the host and fails on purpose, and nothing but them can */
  constructor(choice: ModelChoice, threads: number, log: Logger, metrics: Metrics, entry: string = hostEntry()) {
    this.#choice = choice;
    this.#threads = threads;
    this.#log = log;
    this.#metrics = metrics;
    this.#entry = entry;
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

  start(): void {
    const { started: host, channels } = withBareStdio(this.#inherited, this.#threads, (stdio) =>
      // Nothing of our environment; and the runtime reports to nobody.
      fork(this.#entry, [], { env: { ORT_DISABLE_TELEMETRY: '1' }, execArgv: [], stdio }),
    );
    this.#host = host;
    this.#giveWay(host);
    this.#channels = channels.map((fd) => new ThreadChannel(host.stdio[fd] as Socket, (answer) => this.#observe(answer)));
    host.on('message', (message) => this.#receive(host, message as FromHost));
    host.on('error', (error) => this.#log.error({ err: error }, 'inference host'));
    host.on('exit', (code, signal) => this.#ended(host, code, signal));
    this.#send({ type: 'start', models: this.#choice, channels });
    this.#startLimit = setTimeout(() => host.kill('SIGKILL'), START_MS);
    // The check comes after the turn's messages were read, so that a busy main process blames nobody else.
    this.#watch ??= setInterval(() => setImmediate(() => this.#killIfHung()), DEADLINE_MS / 4);
    this.#watch.unref();
  }

  /** Call only while `free` is above 0. Never rejects. */
  analyse(picture: Picture, isolated = false): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#isolating = isolated;
      const channel = this.#channels.reduce((least, candidate) => (candidate.load < least.load ? candidate : least));
      channel.look(picture, resolve);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    clearTimeout(this.#startLimit);
    clearTimeout(this.#respawn);
    const host = this.#host;
    if (!host || host.exitCode !== null || host.signalCode !== null) return;
    const gone = new Promise((resolve) => host.once('exit', resolve));
    host.kill('SIGKILL');
    await gone;
  }

  #giveWay({ pid }: ChildProcess): void {
    try {
      // Its threads are not there yet and inherit it.
      if (pid !== undefined) setPriority(pid, HOST_NICE);
    } catch (error) {
      this.#log.debug({ err: error }, 'the inference host keeps the priority of the server');
    }
  }

  #send(message: ToHost): void {
    // A channel that is closing reports here; the exit that follows settles the frames.
    this.#host?.send(message, (error) => {
      if (error) this.#log.debug({ err: error }, 'inference host did not take a message');
    });
  }

  #receive(host: ChildProcess, message: FromHost): void {
    if (host !== this.#host) return;
    switch (message.type) {
      case 'ready':
        clearTimeout(this.#startLimit);
        this.#failures = 0;
        this.#vision = { state: 'on', models: message.models };
        this.#log.info({ models: message.models.map((model) => `${model.name}@${model.version}`), threads: this.#threads }, 'vision is on');
        this.onChange();
        return;
      case 'unavailable':
        clearTimeout(this.#startLimit);
        this.#vision = { state: 'off', reason: message.reason };
        this.#log.error({ reason: message.reason }, 'vision is off: frames are accepted and not looked at');
        this.onChange();
    }
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

  /** Frames that are with the threads. */
  get #load(): number {
    let load = 0;
    for (const channel of this.#channels) load += channel.load;
    return load;
  }

  #isHung(channel: ThreadChannel): boolean {
    return channel.age(performance.now()) >= DEADLINE_MS;
  }

  #killIfHung(): void {
    if (!this.#channels.some((channel) => this.#isHung(channel))) return;
    this.#log.error('inference host hangs: ending it');
    this.#host?.kill('SIGKILL');
  }

  /** Each thread looked at its oldest frame, the others only waited behind it; and where one hangs, its neighbours did not end the host. */
  #suspects(): ReadonlySet<ThreadChannel> {
    const looking = this.#channels.filter(({ load }) => load > 0);
    const hung = looking.filter((channel) => this.#isHung(channel));
    return new Set(hung.length > 0 ? hung : looking);
  }

  #ended(host: ChildProcess, code: number | null, signal: string | null): void {
    if (host !== this.#host) return;
    clearTimeout(this.#startLimit);
    this.#host = undefined;
    if (!this.#closed) {
      this.#log.error({ code, signal, lost: this.#load }, 'inference host ended');
      this.#metrics.hostRestarts.inc();
    }
    const suspects = this.#suspects();
    const lost = this.#channels.flatMap((channel) => channel.takeLost().map((resolve, place) => ({ resolve, suspect: place === 0 && suspects.has(channel) })));
    this.#channels = [];
    this.#isolating = false;
    this.#vision = this.#closed ? { state: 'off', reason: 'the server stops' } : { state: 'starting' };
    for (const { resolve, suspect } of lost) resolve({ kind: 'lost', suspects: suspect ? suspects.size : 0 });
    if (this.#closed) return;
    const delay = this.#failures === 0 ? RESPAWN_MS.first : Math.min(RESPAWN_MS.most, 250 * 2 ** this.#failures);
    this.#failures += 1;
    this.#respawn = setTimeout(() => this.start(), delay);
  }
}
