import type { Event } from '../../../protocol/events.ts';
import type { Tokens, User } from '../../../protocol/http/accounts.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Session } from '../../../protocol/http/sessions.ts';
import type { Api } from '../../support/api.ts';
import type { TestServer } from '../../support/server.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

/**
 * Who is there, and what requests can be about. What is made here is new each time, so that no case spoils another's.
 */
export class World {
  readonly site: TestServer;
  readonly nobody: Api;
  /** Whose sessions and accounts the requests are about. */
  readonly owner: Api;
  readonly other: Api;
  readonly proctor: Api;
  readonly admin: Api;
  #emails = 0;

  private constructor(site: TestServer, people: { owner: Api; other: Api; proctor: Api }) {
    this.site = site;
    this.nobody = site.api();
    this.owner = people.owner;
    this.other = people.other;
    this.proctor = people.proctor;
    this.admin = site.admin;
  }

  static async of(site: TestServer): Promise<World> {
    return new World(site, {
      owner: await site.student('Owner'),
      other: await site.student('Other'),
      proctor: await site.proctor(),
    });
  }

  newEmail(): string {
    return `new-${++this.#emails}@example.org`;
  }

  /** A student who is not one of the above. */
  async account(): Promise<Account & { readonly user: User }> {
    const account = { email: this.newEmail(), password: 'a long password' };
    const { user } = await this.nobody.post<Tokens>('/api/auth/register', account);
    return { ...account, user };
  }

  /** Another login of the owner. */
  login(): Promise<Tokens> {
    return this.nobody.post<Tokens>('/api/auth/login', {
      email: this.owner.tokens?.user.email,
      password: "Owner's password",
    });
  }

  /** An active exam. */
  exam(more: Record<string, unknown> = {}): Promise<Exam> {
    return this.admin.createExam({}, more);
  }

  /** A running session of the owner, in an exam of its own. */
  async session(): Promise<Session> {
    return this.owner.startSession((await this.exam()).id);
  }

  async endedSession(): Promise<Session> {
    const session = await this.session();
    return this.owner.post<Session>(`/api/sessions/${session.id}/end`);
  }

  /** An event in a running session of the owner. */
  async event(): Promise<Event> {
    const session = await this.session();
    return this.owner.post<Event>('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
  }

  async enrolment(): Promise<{ readonly exam: Exam; readonly path: string }> {
    const exam = await this.exam();
    const path = `/api/exams/${exam.id}/students/${this.owner.userId}`;
    await this.admin.request('PUT', path, { extraMinutes: 10 });
    return { exam, path };
  }
}
