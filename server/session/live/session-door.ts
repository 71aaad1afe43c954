import { ProtocolError } from '../../../protocol/errors.ts';
import type { LiveSession } from './live-session.ts';
import { OwnedElsewhere, type SessionRegistry } from './session-registry.ts';

/** What can be asked of a session, by name: arguments and answers are plain data, dates and bytes. */
export type ActTable = Readonly<Record<string, (session: LiveSession, args: never) => Promise<unknown>>>;

export interface SessionRequest {
  readonly session: string;
  readonly act: string;
  readonly args: unknown;
}

/** Answer of another node: the value, if the act has one, or that the session is not there either. */
export type NodeAnswer = { readonly value?: unknown } | { readonly notHere: true };

/** Other nodes. */
export interface OtherNodes {
  /**
   * @returns undefined if the node is gone
   * @throws ProtocolError as the act, or `unavailable` when the node did not answer in time
   */
  ask(node: string, request: SessionRequest): Promise<NodeAnswer | undefined>;
}

/** As edges see the door. */
export interface Sessions<A extends ActTable> {
  ask<K extends keyof A & string>(session: string, act: K, args: Parameters<A[K]>[1]): ReturnType<A[K]>;
}

/** Times that an answer "not here" is followed: meanwhile the session has moved. */
const TRIES = 3;

const notReachable = () =>
  new ProtocolError('unavailable', 'the server process that has this session does not answer; try again', {
    retryable: true,
  });

/** The one door to running sessions: asks the owner of the session, in this process or another one. */
export class SessionDoor<A extends ActTable> implements Sessions<A> {
  readonly #registry: SessionRegistry;
  readonly #acts: A;
  readonly #others: OtherNodes;

  constructor(registry: SessionRegistry, acts: A, others: OtherNodes) {
    this.#registry = registry;
    this.#acts = acts;
    this.#others = others;
  }

  /** @throws ProtocolError as the act; `session_over`; `unavailable` while its owner does not answer */
  ask<K extends keyof A & string>(session: string, act: K, args: Parameters<A[K]>[1]): ReturnType<A[K]> {
    return this.#ask({ session, act, args }) as ReturnType<A[K]>;
  }

  /** A request of another node. @throws ProtocolError as `ask` */
  async answer(request: SessionRequest): Promise<NodeAnswer> {
    const session = await this.#registry.own(request.session);
    return session instanceof OwnedElsewhere ? { notHere: true } : { value: await this.#run(session, request) };
  }

  async #ask(request: SessionRequest): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      const session = await this.#registry.own(request.session);
      if (!(session instanceof OwnedElsewhere)) {
        try {
          return await this.#run(session, request);
        } catch (error) {
          // Lost to another node before the commit, which took nothing of it.
          const isLost = error instanceof ProtocolError && error.code === 'session_not_live';
          if (!isLost || tries === TRIES || this.#registry.find(request.session) === session) throw error;
          continue;
        }
      }
      const answer = await this.#others.ask(session.node, request);
      if (answer && !('notHere' in answer)) return answer.value;
      if (tries === TRIES) throw notReachable();
    }
  }

  #run(session: LiveSession, { act, args }: SessionRequest): Promise<unknown> {
    const run = this.#acts[act];
    // Of a node with a newer version.
    if (!run) throw new ProtocolError('unavailable', 'the server process that has this session is older');
    return run(session, args as never);
  }
}
