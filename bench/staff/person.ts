import { LeanConsoleSocket } from '../lean/console-socket.ts';
import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import type { Team } from '../../protocol/team.ts';

const MESSAGES: readonly string[] = ['STUDENT_MESSAGE', 'PROCTOR_MESSAGE'];

/** One of the staff: a login, and a console that keeps the last state of each session and every message. */
export class Person {
  readonly id: string;
  readonly teams = new Map<string, Team>();
  /** Ids of messages, both sides. */
  readonly messages = new Set<string>();
  /** Number of the newest message of a student that nobody has read, by session. */
  readonly unread = new Map<string, number>();
  /** Conversations of the snapshot. */
  readonly conversations = new Map<string, SessionView['conversation']>();
  readonly #server: string;
  readonly #token: string;
  #socket: LeanConsoleSocket | undefined;
  told = 0;

  private constructor(id: string, server: string, token: string) {
    this.id = id;
    this.#server = server;
    this.#token = token;
  }

  /** @throws Error if the server refuses */
  static async login(server: string, email: string, password: string): Promise<Person> {
    const response = await fetch(`${server}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (!response.ok) throw new Error(`login: ${response.status}`);
    const { accessToken, user } = (await response.json()) as { accessToken: string; user: { id: string } };
    return new Person(user.id, server, accessToken);
  }

  /** @throws Error if a console cannot subscribe */
  async watch(exam: string, failed: (reason: string) => void): Promise<void> {
    const { body } = await this.send('POST', '/api/console/ticket');
    this.#socket = await LeanConsoleSocket.open(
      { url: this.#server, ticket: (body as Ticket).ticket, from: '127.0.0.3' },
      {
        shown: ({ id, conversation }) => void this.conversations.set(id, conversation),
        event: (_session, _offset, payload) => this.#event(payload),
        gap: () => failed('a console was told of a gap'),
        other: () => {},
        told: (message) => {
          if (message.type !== 'team') return;
          this.told += 1;
          for (const team of message.sessions) this.teams.set(team.session, team);
        },
        ended: failed,
      },
    );
    await this.#socket.subscribe(exam);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(`${this.#server}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  close(): void {
    this.#socket?.close();
  }

  #event(payload: Buffer): void {
    const { event } = JSON.parse(payload.toString('utf8')) as Extract<ConsoleDown, { type: 'event' }>;
    if (!MESSAGES.includes(event.type)) return;
    this.messages.add(event.id);
    if (event.type !== 'STUDENT_MESSAGE') return;
    if (event.details['readAt'] === undefined) this.unread.set(event.sessionId, event.seq);
    else if (this.unread.get(event.sessionId) === event.seq) this.unread.delete(event.sessionId);
  }
}
