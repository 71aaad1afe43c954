import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../log.ts';
import { type Bus, NoAnswerError, NobodyThereError } from './bus.ts';

/** A connection that is silent for two of these counts as lost, ms. */
const PING_MS = 2000;
/** The start does not wait longer for the bus, ms: it goes on without, as after a loss. */
const START_MS = 3000;
const RECONNECT = { ms: 250, jitterMs: 250 } as const;

type Attach = (connection: NatsConnection) => () => void;

/** NATS core. Its server need not be there at the start, and may go and come back. */
export class NatsBus implements Bus {
  readonly #log: Logger;
  readonly #upListeners: (() => void)[] = [];
  /** Subscriptions, also those from before the first connection. */
  readonly #wanted = new Set<{ readonly attach: Attach; detach: () => void }>();
  #connection: NatsConnection | undefined;
  #isNobody: (error: unknown) => boolean = () => false;
  #isUp = false;
  #closed = false;

  private constructor(log: Logger) {
    this.#log = log;
  }

  /** @param url one server or several, separated by commas; may hold a user and password, or a token */
  static async open(url: string, name: string, log: Logger): Promise<NatsBus> {
    const bus = new NatsBus(log);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_MS);
    });
    const connecting = bus.#connect(url, name).catch((error: unknown) => {
      if (!bus.#closed) log.error({ err: error }, 'NATS_URL: no connection to NATS is possible');
    });
    await Promise.race([connecting, late]);
    clearTimeout(timer);
    if (!bus.#isUp) log.warn('NATS is away: other processes are followed through the database');
    return bus;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  publish(subject: string, bytes: Uint8Array): void {
    // What is published while the connection is lost would come late: it is lost, as the bus may do.
    if (this.#isUp && !this.#closed) this.#connection?.publish(subject, bytes);
  }

  subscribe(subject: string, take: (bytes: Uint8Array, subject: string) => void): () => void {
    return this.#want((connection) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (!error) take(message.data, message.subject);
        },
      });
      return () => subscription.unsubscribe();
    });
  }

  async request(subject: string, bytes: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (!this.#isUp || !this.#connection) throw new NoAnswerError('the bus is away');
    try {
      return (await this.#connection.request(subject, bytes, { timeout: timeoutMs })).data;
    } catch (error) {
      if (this.#isNobody(error)) throw new NobodyThereError(subject, { cause: error });
      throw new NoAnswerError(subject, { cause: error });
    }
  }

  serve(subject: string, answer: (bytes: Uint8Array) => Promise<Uint8Array>): void {
    this.#want((connection) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (!error) void this.#answer(message, answer);
        },
      });
      return () => subscription.unsubscribe();
    });
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }

  async #answer(message: Msg, answer: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    try {
      const bytes = await answer(message.data);
      if (this.#isUp) message.respond(bytes);
    } catch (error) {
      this.#log.error({ err: error }, 'a request of another process failed');
    }
  }

  #want(attach: Attach): () => void {
    const wanted = { attach, detach: () => {} };
    if (this.#connection) wanted.detach = attach(this.#connection);
    this.#wanted.add(wanted);
    return () => {
      this.#wanted.delete(wanted);
      if (!this.#closed) wanted.detach();
    };
  }

  async #connect(url: string, name: string): Promise<void> {
    // Loaded only where there is a bus.
    const { connect, errors } = await import('@nats-io/transport-node');
    this.#isNobody = (error) =>
      error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders());
    const servers = url.split(',').map((part) => new URL(part.trim()));
    const { username, password } = servers[0]!;
    const connection = await connect({
      servers: servers.map(({ protocol, host }) => `${protocol}//${host}`),
      ...(password !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
      ...(username !== '' && password === '' && { token: decodeURIComponent(username) }),
      name,
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT.ms,
      reconnectJitter: RECONNECT.jitterMs,
      pingInterval: PING_MS,
      noEcho: true,
    });
    if (this.#closed) return connection.close();
    this.#connection = connection;
    for (const wanted of this.#wanted) wanted.detach = wanted.attach(connection);
    this.#up();
    void this.#follow(connection);
  }

  #up(): void {
    this.#isUp = true;
    for (const listener of this.#upListeners) listener();
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' && this.#isUp) {
        this.#isUp = false;
        if (!this.#closed) this.#log.warn('NATS is away: other processes are followed through the database');
      }
      if (type === 'reconnect') {
        this.#log.info('NATS is up again');
        this.#up();
      }
    }
  }
}
