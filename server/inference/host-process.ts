import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Socket } from 'node:net';
import type { FromHost, LoadedModel, ModelChoice, ThreadAnswer, ToHost } from '../../models/jobs.ts';
import { WireViolation } from '../../models/wire-violation.ts';
import type { HostLog } from './host-log.ts';
import { HostMessages } from './host-messages.ts';
import { withBareStdio } from './inherited.ts';
import { ThreadChannel } from './thread-channel.ts';

/** Index among the child's descriptors. */
const CONTROL = 3;
/** A process that ends closes its channels first; one that closes them and stays is killed after this time. */
const CLOSED_GRACE_MS = 250;
/** Time to read the standard error of a process that has ended. */
const LAST_WORDS_MS = 500;

export interface HostChoice {
  readonly models: ModelChoice;
  /** Models that it may claim to have loaded. */
  readonly known: readonly LoadedModel[];
  readonly threads: number;
  /** Module to run. */
  readonly entry: string;
  /** Node's, before the entry. */
  readonly args: readonly string[];
  readonly execPath: string;
  /** Descriptors that the child would get without being meant to. */
  readonly inherited: readonly number[];
  readonly log: HostLog;
}

/** Reason for the end of a host. */
export type HostEnd =
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  /** It could not be started. */
  | { readonly kind: 'error'; readonly error: Error }
  | { readonly kind: 'violation'; readonly violation: WireViolation };

export interface HostListener {
  said(message: FromHost): void;
  answered(answer: ThreadAnswer): void;
  /** Called once, and last. Its frames are still with its channels. */
  ended(end: HostEnd): void;
}

/**
 * One inference host: a process without our environment, whose every byte is read within bounds. The control channel
 * carries the lines of Node's IPC, so that the child can use `process.send`; this side is a plain pipe, since Node's
 * own reader would accept lines of any length, descriptors and internal messages from a process that may be
 * compromised, and throw uncaught errors.
 */
export class HostProcess {
  readonly channels: readonly ThreadChannel[];
  readonly #child: ChildProcess;
  readonly #log: HostLog;
  readonly #listener: HostListener;
  readonly #messages: HostMessages;
  #isOver = false;

  /** @throws Error when the process cannot be made, for want of descriptors for example; nothing is left of it */
  constructor(choice: HostChoice, listener: HostListener) {
    this.#log = choice.log;
    this.#listener = listener;
    this.#messages = new HostMessages(choice.known);
    const env = {
      ORT_DISABLE_TELEMETRY: '1',
      NODE_CHANNEL_FD: String(CONTROL),
      NODE_CHANNEL_SERIALIZATION_MODE: 'json',
    };
    const { started, channels } = withBareStdio(
      choice.inherited,
      choice.threads,
      (stdio) => spawn(choice.execPath, [...choice.args, choice.entry], { env, stdio }),
      ['ignore', 'ignore', 'pipe', 'pipe'],
    );
    this.#child = started;
    started.on('error', (error) => this.#end({ kind: 'error', error }));
    started.on('exit', (code, signal) => this.#end({ kind: 'exit', code, signal }));
    try {
      this.channels = channels.map((fd) => {
        const socket = this.#pipe(fd);
        const channel = new ThreadChannel(socket, (answer) => listener.answered(answer));
        this.#read(socket, (chunk) => channel.read(chunk));
        return channel;
      });
      this.#control.write(`${JSON.stringify({ type: 'start', models: choice.models, channels } satisfies ToHost)}\n`);
      this.#read(this.#control, (chunk) => this.#hear(chunk));
      started.stderr?.on('data', (chunk: Buffer) => this.#note(chunk));
      started.stderr?.on('error', () => {});
    } catch (error) {
      this.kill();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Kills the process; `ended` is not called. */
  kill(): void {
    this.#isOver = true;
    // Without a pid Node would signal process 0: every process of our group.
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
    this.#closeChannels();
  }

  /** Resolves when the process is gone. */
  get gone(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => this.#child.once('exit', () => resolve()));
  }

  get #control(): Socket {
    return this.#pipe(CONTROL);
  }

  /** A process that was not made has none, or not all. */
  #pipe(fd: number): Socket {
    const socket = this.#child.stdio[fd];
    if (!socket) throw new Error('the inference host has no channel');
    return socket as Socket;
  }

  #read(socket: Socket, read: (chunk: Buffer) => void): void {
    socket.on('data', (chunk: Buffer) => this.#guard(() => read(chunk)));
    // `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  #hear(chunk: Buffer): void {
    const message = this.#messages.push(chunk);
    if (message) this.#listener.said(message);
  }

  /** Also of a process that has ended: the reason is often its last line. */
  #note(chunk: Buffer): void {
    try {
      this.#log.push(chunk);
    } catch (violation) {
      this.#child.stderr?.destroy();
      this.#guard(() => {
        throw violation;
      });
    }
  }

  #closed(): void {
    if (this.#isOver) return;
    setTimeout(
      () =>
        this.#guard(() => {
          throw new WireViolation('closed', 'a running process closed a channel');
        }),
      CLOSED_GRACE_MS,
    ).unref();
  }

  /** An error in reading the host's bytes is the host's violation, and its end. */
  #guard(work: () => void): void {
    if (this.#isOver) return;
    try {
      work();
    } catch (error) {
      this.#end({
        kind: 'violation',
        violation:
          error instanceof WireViolation
            ? error
            : new WireViolation('bad_shape', 'a message could not be handled', { cause: error }),
      });
    }
  }

  #end(end: HostEnd): void {
    if (this.#isOver) return;
    this.kill();
    this.#listener.ended(end);
  }

  #closeChannels(): void {
    // A process that could not be made has none.
    const [, , stderr, ...channels] = (this.#child.stdio as readonly (Readable | null | undefined)[] | undefined) ?? [];
    for (const channel of channels) {
      channel?.on('error', () => {});
      channel?.destroy();
    }
    setTimeout(() => stderr?.destroy(), LAST_WORDS_MS).unref();
  }
}
