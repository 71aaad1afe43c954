import fc from 'fast-check';
import { expect } from 'vitest';
import type { SessionView } from '../../../protocol/down.ts';
import type { Event } from '../../../protocol/events.ts';
import type { Ticket } from '../../../protocol/http/sessions.ts';
import { type Wire, type Wrong, wrongOnConsole } from './messages.ts';
import { Peer } from './peer.ts';
import { probe } from './probe.ts';

export interface ConsoleScript {
  readonly steps: readonly ConsoleStep[];
  readonly end: 'leave' | 'wrong' | 'bad reauth';
  readonly wrong: Wrong;
  /** Each is the first and only message of its own socket. */
  readonly probes: readonly Wrong[];
}

type ConsoleStep =
  | {
      readonly do: 'subscribe';
      readonly to: 'all' | 'exam' | 'session';
      readonly which: number;
      readonly from: readonly { readonly which: number; readonly back: number }[];
      readonly nobody: boolean;
    }
  | { readonly do: 'watch' | 'unwatch'; readonly which: number; readonly fps: number }
  | { readonly do: 'command'; readonly which: number; readonly what: object }
  | { readonly do: 'nobody'; readonly message: object }
  | { readonly do: 'reauth' };

/** No session has this id. */
const NOBODY = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

const which = fc.nat(100);
const step: fc.Arbitrary<ConsoleStep> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      to: fc.constantFrom('all' as const, 'exam' as const, 'session' as const),
      which,
      from: fc.array(fc.record({ which, back: fc.nat(40) }), { maxLength: 4 }),
      nobody: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('watch' as const, 'unwatch' as const),
      which,
      fps: fc.double({ min: 0.1, max: 15, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      which,
      what: fc.constantFrom(
        { do: 'pause' },
        { do: 'resume' },
        { do: 'resume', reason: 'go on' },
        { do: 'message', text: 'Please look here. ﷽' },
        { do: 'extend', minutes: 1 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('nobody' as const),
      message: fc.constantFrom(
        { type: 'watch', fps: 1 },
        { type: 'command', do: 'pause' },
        { type: 'command', do: 'terminate', reason: 'because' },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reauth' as const }) },
);

export const consoleScript: fc.Arbitrary<ConsoleScript> = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }),
  end: fc.constantFrom('leave', 'wrong', 'bad reauth'),
  wrong: wrongOnConsole,
  probes: fc.array(wrongOnConsole, { minLength: 8, maxLength: 8 }),
});

/** Sessions that consoles may receive: by id, with their exams. */
export interface Known {
  readonly sessions: ReadonlyMap<string, string>;
  readonly exams: readonly string[];
}

interface Scope {
  readonly exam?: string;
  readonly session?: string;
}

/** A misbehaving console of one proctor, and a model of the expected responses. */
export class ConsoleActor {
  readonly #ticket: () => Ticket;
  readonly #url: string;
  readonly #known: Known;
  /** Highest offset seen per session. */
  readonly #offsets = new Map<string, number>();
  messages = 0;
  received = 0;
  gaps = 0;
  readonly codes = new Map<string, number>();

  constructor(ticket: () => Ticket, url: string, known: Known) {
    this.#ticket = ticket;
    this.#url = url;
    this.#known = known;
  }

  async play(script: ConsoleScript): Promise<void> {
    for (const wrong of script.probes) await this.#probe(wrong);
    const expected: string[] = [];
    const errors: string[] = [];
    /** Scopes of pending subscriptions, and of the last snapshot received. */
    const scopes: Scope[] = [];
    let scope: Scope | undefined;
    const watched = new Set<string>();
    let latest = new Map<string, number>();

    const inScope = (session: string, exam: string | undefined) => {
      expect(scope, 'before any snapshot').toBeDefined();
      if (scope!.session !== undefined) expect(session).toBe(scope!.session);
      if (scope!.exam !== undefined) expect(exam).toBe(scope!.exam);
    };
    const peer = new Peer(
      this.#url,
      this.#ticket(),
      () => false,
      (message) => {
        this.received += 1;
        const session = String(message['session']);
        switch (message.type) {
          case 'snapshot':
            scope = scopes.shift();
            latest = new Map();
            for (const view of message['sessions'] as SessionView[]) {
              inScope(view.id, view.examId);
              this.#offsets.set(view.id, Math.max(view.offset, this.#offsets.get(view.id) ?? 0));
            }
            break;
          case 'session': {
            const view = message['session'] as SessionView;
            inScope(view.id, view.examId);
            break;
          }
          case 'event': {
            const { event, offset } = message as unknown as { event: Event; offset: number };
            inScope(event.sessionId, this.#known.sessions.get(event.sessionId));
            expect(offset).toBeGreaterThan(latest.get(event.sessionId) ?? 0);
            latest.set(event.sessionId, offset);
            this.#offsets.set(event.sessionId, Math.max(offset, this.#offsets.get(event.sessionId) ?? 0));
            break;
          }
          case 'gap':
            this.gaps += 1;
            inScope(session, this.#known.sessions.get(session));
            break;
          case 'risk':
            inScope(session, this.#known.sessions.get(session));
            break;
          case 'frame':
          case 'analysis':
            expect(watched).toContain(session);
            break;
          case 'error': {
            const code = String(message['code']);
            this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
            // A session that ended meanwhile accepts no commands.
            if (code !== 'session_over') errors.push(`${code} ${String(message['ref'] ?? '')}`);
          }
        }
      },
    );
    await peer.until('open', () => peer.opened);
    const send = (wire: Wire) => {
      this.messages += 1;
      peer.send(wire);
    };
    const tell = (message: object) => send(JSON.stringify(message));
    const pick = (number: number) =>
      [...this.#known.sessions.keys()].at(-1 - (number % Math.min(this.#known.sessions.size, 8)))!;

    for (const each of script.steps) {
      switch (each.do) {
        case 'subscribe': {
          const session = pick(each.which);
          const to: Scope =
            each.to === 'all'
              ? {}
              : each.to === 'exam'
                ? { exam: this.#known.exams[each.which % this.#known.exams.length]! }
                : { session };
          const from: Record<string, number> = {};
          for (const { which: number, back } of each.from)
            from[pick(number)] = Math.max(0, (this.#offsets.get(pick(number)) ?? 0) - back);
          if (each.nobody) from[NOBODY] = 7;
          for (const id of Object.keys(from)) {
            const exam = this.#known.sessions.get(id);
            const isThere =
              exam !== undefined &&
              (to.exam === undefined || to.exam === exam) &&
              (to.session === undefined || to.session === id);
            if (!isThere) expected.push(`not_found ${id}`);
          }
          scopes.push(to);
          tell({ type: 'subscribe', ...to, from });
          break;
        }
        case 'watch':
          watched.add(pick(each.which));
          tell({ type: 'watch', session: pick(each.which), fps: each.fps });
          break;
        case 'unwatch':
          tell({ type: 'unwatch', session: pick(each.which) });
          break;
        case 'command':
          tell({ type: 'command', session: pick(each.which), ...each.what });
          break;
        case 'nobody':
          expected.push(`not_found ${NOBODY}`);
          tell({ ...each.message, session: NOBODY });
          break;
        case 'reauth':
          tell({ type: 'reauth', ticket: this.#ticket().ticket });
      }
    }
    // Responses come in order: this one completes all earlier ones.
    expected.push(`not_found ${NOBODY}`);
    tell({ type: 'watch', session: NOBODY, fps: 1 });
    await peer.until(
      'every answer',
      () => (errors.length >= expected.length && scopes.length === 0) || peer.closeCode !== undefined,
    );
    expect(errors).toEqual(expected);
    if (script.end === 'leave') return peer.leave();
    if (script.end === 'wrong') {
      send(script.wrong.wire);
      expected.push(`${script.wrong.code} `);
    } else {
      tell({ type: 'reauth', ticket: 'A'.repeat(124) });
      expected.push('bad_ticket ');
    }
    await peer.until('close', () => peer.closeCode !== undefined);
    expect(peer.closeCode).toBe(script.end === 'wrong' ? script.wrong.close : 4401);
    expect(errors).toEqual(expected);
  }

  #probe(wrong: Wrong): Promise<void> {
    return probe(this, (take) => new Peer(this.#url, this.#ticket(), () => false, take), wrong);
  }
}
