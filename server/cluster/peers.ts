import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isUnavailable } from '../../db/unavailable.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Logger } from '../log.ts';
import type { NodeAnswer, OtherNodes, SessionRequest } from '../session/live/session-door.ts';
import { type Bus, NobodyThereError } from './bus.ts';
import { errorFromWire, errorToWire, type ErrorWire } from './error-wire.ts';
import { decode, encode } from './plain-data.ts';

/** A request is sent again once, under the same id, ms: whoever asks gets an answer or a reason within 3 s. */
const ANSWER_MS = [1400, 1400];
/** Nobody serves a node that is gone, and one that is cut from the bus: it is asked for again after this time, ms. */
const AGAIN_MS = 900;
/** Answers that are kept for requests that come again. */
const REMEMBERED = 5000;

const Request = z.object({
  id: z.uuid(),
  session: z.uuid(),
  act: z.string().max(64),
  args: z.unknown(),
});

type Reply = { readonly answer: NodeAnswer } | { readonly error: ErrorWire };

const subjectOf = (node: string) => `inv.node.${node}`;

const away = (why: string) => new ProtocolError('unavailable', why, { retryable: true });

/** Requests about sessions between the nodes of a cluster. */
export class Peers implements OtherNodes {
  readonly #bus: Bus;
  readonly #log: Logger;
  /** Under way or answered: a request that comes again takes effect once. */
  readonly #replies = new Map<string, Promise<Uint8Array>>();

  constructor(bus: Bus, log: Logger) {
    this.#bus = bus;
    this.#log = log;
  }

  async ask(node: string, request: SessionRequest): Promise<NodeAnswer | undefined> {
    if (!this.#bus.isUp) throw away('the server processes cannot reach each other at the moment; try again');
    const bytes = encode({ id: randomUUID(), ...request });
    for (const [before, timeoutMs] of ANSWER_MS.entries()) {
      try {
        const reply = decode(await this.#bus.request(subjectOf(node), bytes, timeoutMs)) as Reply;
        if ('error' in reply) throw errorFromWire(reply.error);
        return reply.answer;
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        // Gone after a request that it may have carried out: not for another node to carry out again.
        if (error instanceof NobodyThereError && before === 0) {
          await sleep(AGAIN_MS);
          return undefined;
        }
      }
    }
    throw away(
      'the server process that has this session did not answer in time; the request may have taken effect, so look at the session before you repeat it',
    );
  }

  /** Answers the requests of other nodes. */
  serve(node: string, answer: (request: SessionRequest) => Promise<NodeAnswer>): void {
    this.#bus.serve(subjectOf(node), (bytes) => {
      const request = Request.parse(decode(bytes));
      const known = this.#replies.get(request.id);
      if (known) return known;
      const reply = this.#reply(request, answer);
      this.#replies.set(request.id, reply);
      if (this.#replies.size > REMEMBERED) this.#replies.delete(this.#replies.keys().next().value!);
      return reply;
    });
  }

  async #reply(request: SessionRequest, answer: (request: SessionRequest) => Promise<NodeAnswer>): Promise<Uint8Array> {
    const inReply = (reply: Reply) => encode(reply);
    try {
      return inReply({ answer: await answer(request) });
    } catch (error) {
      if (error instanceof ProtocolError) return inReply({ error: errorToWire(error) });
      this.#log.error({ err: error, session: request.session }, 'a request of another process failed');
      const words = 'the request may have taken effect, so look at the session before you repeat it';
      const fault = isUnavailable(error)
        ? away(`the database is unavailable; ${words}`)
        : away(`internal error; ${words}`);
      return inReply({ error: errorToWire(fault) });
    }
  }
}
