import fc from 'fast-check';
import { expect } from 'vitest';
import type { Event } from '../../../protocol/events.ts';
import type { Session, Ticket } from '../../../protocol/http/sessions.ts';
import { encodeFrame } from '../../../protocol/frame.ts';
import { SIGNAL_WINDOW } from '../../../protocol/signal-data.ts';
import type { Api } from '../../support/api.ts';
import { type Answer, signalData, type Wire, type Wrong, wrongOnExam } from './messages.ts';
import { type Message, Peer } from './peer.ts';
import { probe } from './probe.ts';

/**
 * Script of one connection, in terms of the model's state: numbers are relative, so that a shortened script still
 * works.
 */
export interface ExamScript {
  readonly begin: 'new' | 'resume' | 'wrong' | 'foreign stream' | 'no hello';
  /** Sent right after `hello`, without waiting for `welcome`. */
  readonly eager: boolean;
  readonly steps: readonly ExamStep[];
  readonly end: 'leave' | 'wrong' | 'hole' | 'beyond the window' | 'hello again' | 'bad reauth' | 'finish';
  readonly wrong: Wrong;
  /** Each is the first and only message of its own socket. */
  readonly probes: readonly Wrong[];
}

type ExamStep =
  | { readonly do: 'signal'; readonly type: string; readonly data: object }
  | { readonly do: 'repeat'; readonly back: number }
  | { readonly do: 'conflict'; readonly back: number }
  | { readonly do: 'reserved'; readonly type: string }
  | { readonly do: 'frame'; readonly seq: number; readonly body: Uint8Array }
  | { readonly do: 'reauth' };

const step: fc.Arbitrary<ExamStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      type: fc.constantFrom('TAB_SWITCH', 'COPY', 'PASTE', 'X9', `Z${'_'.repeat(63)}`),
      data: signalData,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('conflict' as const), back: fc.nat(30) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('reserved' as const),
      // A message without a text is refused in the same way.
      type: fc.constantFrom('NO_FACE', 'CONNECTION_LOST', 'SESSION_TAKEOVER', 'LOOKING_AWAY', 'STUDENT_MESSAGE'),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('frame' as const),
      seq: fc.nat(0xffffffff),
      body: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reauth' as const }) },
);

export const examScript: fc.Arbitrary<ExamScript> = fc.record({
  begin: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('new' as const, 'resume' as const) },
    { weight: 1, arbitrary: fc.constantFrom('wrong' as const, 'foreign stream' as const, 'no hello' as const) },
  ),
  eager: fc.boolean(),
  steps: fc.array(step, { minLength: 60, maxLength: 160, size: 'max' }),
  end: fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom(
        'leave' as const,
        'wrong' as const,
        'hole' as const,
        'beyond the window' as const,
        'hello again' as const,
        'bad reauth' as const,
      ),
    },
    { weight: 1, arbitrary: fc.constant('finish' as const) },
  ),
  wrong: wrongOnExam,
  probes: fc.array(wrongOnExam, { minLength: 12, maxLength: 12 }),
});

const AT = '2026-01-01T10:00:00.000Z';
/** Messages sent before `welcome`; the server queues at most 64. */
const EAGER_STEPS = 50;
/** These responses depend on the number of frames over time. */
const OF_FRAMES = new Set(['frame_out_of_order', 'invalid_image']);

interface Sent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A misbehaving student, and a model of the expected responses. */
export class ExamActor {
  readonly index: number;
  readonly api: Api;
  readonly #url: string;
  readonly #examId: string;
  readonly #isForeign: (id: string) => boolean;
  /** Another session's stream, for forging. */
  readonly #foreignStream: () => string | undefined;
  session: Session;
  stream: string | undefined;
  /** Signals accepted by the server in this stream, by number from 1. */
  #taken: Sent[] = [];
  #acked = 0;
  /** Marks of all signals of the session that were acknowledged, or accepted and then requested again. */
  #marks = 0;
  /** Finished streams of this session, with their expected contents. */
  readonly #past: { readonly taken: readonly Sent[]; readonly acked: number }[] = [];
  messages = 0;
  received = 0;
  readonly codes = new Map<string, number>();

  readonly #ticket: (sessionId: string) => Ticket;

  constructor(parts: {
    index: number;
    api: Api;
    url: string;
    ticket: (sessionId: string) => Ticket;
    session: Session;
    isForeign: (id: string) => boolean;
    foreignStream: () => string | undefined;
  }) {
    this.index = parts.index;
    this.api = parts.api;
    this.#url = parts.url;
    this.#ticket = parts.ticket;
    this.session = parts.session;
    this.#examId = parts.session.examId;
    this.#isForeign = parts.isForeign;
    this.#foreignStream = parts.foreignStream;
  }

  async play(script: ExamScript): Promise<void> {
    for (const wrong of script.probes) await this.#probe(wrong);
    const expected: Answer[] = [];
    const errors: Message[] = [];
    let welcome: Message | undefined;
    let ended = false;
    let ackedHere = 0;
    let lastEventSeq = 0;
    const marksSeen: number[] = [];
    const peer = new Peer(this.#url, this.#ticket(this.session.id), this.#isForeign, (message) => {
      this.received += 1;
      switch (message.type) {
        case 'welcome':
          expect(message).toMatchObject({ sessionId: this.session.id });
          welcome = message;
          break;
        case 'ack': {
          const seq = Number(message['seq']);
          expect(seq).toBeGreaterThanOrEqual(ackedHere);
          expect(seq).toBeLessThanOrEqual(this.#taken.length);
          ackedHere = seq;
          this.#acked = Math.max(this.#acked, seq);
          break;
        }
        case 'event': {
          const event = message['event'] as Event;
          expect(event.sessionId).toBe(this.session.id);
          const { data } = event.details as { data?: { m?: unknown; n?: number } };
          if (event.source === 'client') {
            expect(data?.m).toBe(this.index);
            marksSeen.push(data!.n!);
            expect(event.seq).toBeGreaterThan(lastEventSeq);
            lastEventSeq = event.seq;
          }
          break;
        }
        case 'error':
          this.codes.set(String(message['code']), (this.codes.get(String(message['code'])) ?? 0) + 1);
          errors.push(message);
          break;
        case 'ended':
          ended = true;
      }
    });
    await peer.until('open', () => peer.opened);
    const send = (wire: Wire) => {
      this.messages += 1;
      peer.send(wire);
    };
    const closedBy = async (answer: Answer) => {
      expected.push(answer);
      await peer.until(`close ${answer.close}`, () => peer.closeCode !== undefined);
      expect(peer.closeCode).toBe(answer.close);
      this.#compare(errors, expected);
    };

    if (script.begin === 'wrong') {
      send(script.wrong.wire);
      const binary = typeof script.wrong.wire !== 'string';
      return closedBy(
        binary || script.wrong.code === 'bad_message' ? script.wrong : { code: 'hello_expected', close: 4400 },
      );
    }
    if (script.begin === 'no hello') {
      send(
        script.eager
          ? this.#signal(1, { type: 'COPY', data: {} })
          : encodeFrame({ seq: 1, capturedAt: 0 }, new Uint8Array(100)),
      );
      return closedBy({ code: 'hello_expected', close: 4400 });
    }
    if (script.begin === 'foreign stream') {
      send(
        JSON.stringify({
          type: 'hello',
          resume: { stream: this.#foreignStream() ?? '01a20128-b3ea-75c2-965a-5ede413d3d6b', lastSeq: 1 },
        }),
      );
      return closedBy({ code: 'unknown_stream', close: 4400 });
    }

    const resumes = script.begin === 'resume' && this.stream !== undefined && this.#acked > 0;
    if (!resumes) {
      if (this.#taken.length > 0) this.#past.push({ taken: this.#taken, acked: this.#acked });
      this.#taken = [];
      this.#acked = 0;
    }
    send(
      JSON.stringify({ type: 'hello', ...(resumes ? { resume: { stream: this.stream, lastSeq: this.#acked } } : {}) }),
    );
    // Numbering before `welcome` begins at 1.
    const eager = script.eager && !resumes;
    if (!eager) await peer.until('welcome', () => welcome !== undefined);
    if (resumes) {
      const lastAck = Number(welcome!['lastAck']);
      expect(welcome!['stream']).toBe(this.stream);
      expect(lastAck).toBeGreaterThanOrEqual(this.#acked);
      expect(lastAck).toBeLessThanOrEqual(this.#taken.length);
      this.#acked = lastAck;
      ackedHere = lastAck;
      for (let seq = lastAck + 1; seq <= this.#taken.length; seq++) send(this.#signal(seq, this.#taken[seq - 1]!));
    }

    for (const [index, each] of script.steps.entries()) {
      if (index === EAGER_STEPS) await peer.until('welcome', () => welcome !== undefined);
      switch (each.do) {
        case 'signal': {
          if (this.#taken.length - this.#acked >= SIGNAL_WINDOW - 2) {
            await peer.until('room in the window', () => this.#acked === this.#taken.length);
          }
          const signal = { type: each.type, data: { ...each.data, m: this.index, n: ++this.#marks } };
          this.#taken.push(signal);
          send(this.#signal(this.#taken.length, signal));
          break;
        }
        case 'repeat':
        case 'conflict': {
          const seq = this.#taken.length - each.back;
          const known = this.#taken[seq - 1];
          if (!known) break;
          if (each.do === 'repeat') send(this.#signal(seq, known));
          else {
            expected.push({ code: 'sequence_conflict' });
            send(this.#signal(seq, { ...known, data: { ...known.data, other: true } }));
          }
          break;
        }
        case 'reserved':
          expected.push({ code: 'reserved_signal' });
          send(this.#signal(this.#taken.length + 1, { type: each.type, data: {} }));
          break;
        case 'frame':
          send(encodeFrame({ seq: each.seq, capturedAt: each.seq }, each.body));
          break;
        case 'reauth':
          send(JSON.stringify({ type: 'reauth', ticket: this.#ticket(this.session.id).ticket }));
      }
    }

    await peer.until('every acknowledgement', () => ackedHere === this.#taken.length || peer.closeCode !== undefined);
    await peer.until('welcome', () => welcome !== undefined);
    if (!resumes) {
      expect(welcome).toMatchObject({ lastAck: 0 });
      this.stream = String(welcome!['stream']);
    }
    expect(peer.closeCode).toBeUndefined();
    switch (script.end) {
      case 'leave': {
        // The response to the previous step comes before this one's.
        expected.push({ code: 'reserved_signal' });
        send(this.#signal(this.#taken.length + 1, { type: 'NO_FACE', data: {} }));
        await peer.until(
          'the last answer',
          () => errors.filter((error) => !OF_FRAMES.has(String(error['code']))).length >= expected.length,
        );
        this.#compare(errors, expected);
        await peer.leave();
        break;
      }
      case 'wrong':
        send(script.wrong.wire);
        await closedBy(script.wrong);
        break;
      case 'hole':
        send(this.#signal(this.#taken.length + 2, { type: 'COPY', data: {} }));
        await closedBy({ code: 'bad_sequence', close: 4400 });
        break;
      case 'beyond the window':
        send(this.#signal(this.#taken.length + SIGNAL_WINDOW + 1, { type: 'COPY', data: {} }));
        await closedBy({ code: 'window_exceeded', close: 4429 });
        break;
      case 'hello again':
        send(JSON.stringify({ type: 'hello' }));
        await closedBy({ code: 'already_greeted', close: 4400 });
        break;
      case 'bad reauth':
        send(JSON.stringify({ type: 'reauth', ticket: 'A'.repeat(124) }));
        await closedBy({ code: 'bad_ticket', close: 4401 });
        break;
      case 'finish':
        send(JSON.stringify({ type: 'finish' }));
        await peer.until('the end', () => ended && peer.closeCode !== undefined);
        expect(peer.closeCode).toBe(4410);
        this.#compare(errors, expected);
        await this.check();
        await this.#again();
    }
    expect(marksSeen).toEqual(marksSeen.toSorted((a, b) => a - b));
    expect(new Set(marksSeen).size).toBe(marksSeen.length);
  }

  #probe(wrong: Wrong): Promise<void> {
    return probe(this, (take) => new Peer(this.#url, this.#ticket(this.session.id), this.#isForeign, take), wrong);
  }

  /** Checks that the database has every acknowledged signal of the session, once and in order. */
  async check(): Promise<void> {
    const events = await this.api.events(this.session.id);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    const marks = events
      .filter(({ source }) => source === 'client')
      .map((event) => (event.details['data'] as { n: number }).n);
    expect(marks).toEqual(
      [...this.#past, { taken: this.#taken, acked: this.#acked }].flatMap(({ taken }) =>
        taken.map(({ data }) => data['n']),
      ),
    );
  }

  /** The attempt has ended: starts another one. */
  async #again(): Promise<void> {
    this.session = await this.api.startSession(this.#examId);
    this.stream = undefined;
    this.#taken = [];
    this.#acked = 0;
    this.#past.length = 0;
  }

  #signal(seq: number, { type, data }: Sent): string {
    return JSON.stringify({ type: 'signal', seq, signal: type, at: AT, data });
  }

  #compare(errors: readonly Message[], expected: readonly Answer[]): void {
    expect(errors.map((error) => error['code']).filter((code) => !OF_FRAMES.has(String(code)))).toEqual(
      expected.map(({ code }) => code),
    );
  }
}
