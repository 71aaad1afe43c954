import { z } from 'zod';
import { UNPRINTABLE } from '../../models/answer-guard.ts';
import type { FromHost, LoadedModel } from '../../models/jobs.ts';
import { WireViolation } from '../../models/wire-violation.ts';

/** Maximum of the host's one message, bytes. A reason names a file and the folders that were searched. */
const MAX_LINE_BYTES = 16 * 1024;
const MAX_MODELS = 8;
const MAX_REASON = 2000;
const LF = 0x0a;

const word = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\w.+-]+$/);
const Message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    models: z
      .array(z.strictObject({ name: word, version: word, sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
      .min(1)
      .max(MAX_MODELS),
  }),
  z.strictObject({ type: z.literal('unavailable'), reason: z.string().max(MAX_REASON) }),
]);

/** A host cannot claim models that the manifest does not name. */
function areKnown(message: Extract<FromHost, { type: 'ready' }>, known: readonly LoadedModel[]): boolean {
  return message.models.every(({ name, version, sha256 }) =>
    known.some((entry) => entry.name === name && entry.version === version && entry.sha256 === sha256),
  );
}

/** @throws WireViolation `not_json`, `bad_shape` or `unknown_models` */
function parseHostMessage(line: string, known: readonly LoadedModel[]): FromHost {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new WireViolation('not_json', 'a message is not JSON');
  }
  const parsed = Message.safeParse(value);
  if (!parsed.success) throw new WireViolation('bad_shape', 'a message does not match its schema');
  if (parsed.data.type === 'unavailable')
    return { ...parsed.data, reason: parsed.data.reason.replace(new RegExp(UNPRINTABLE, 'gu'), ' ') };
  if (!areKnown(parsed.data, known))
    throw new WireViolation('unknown_models', 'it claims models that the manifest does not name');
  return parsed.data;
}

/**
 * The one line that a host sends, as `process.send` writes it: JSON and a line feed. Bytes after it are a violation.
 */
export class HostMessages {
  readonly #known: readonly LoadedModel[];
  #held: Buffer = Buffer.alloc(0);
  #isDone = false;

  /** @param known the manifest's models */
  constructor(known: readonly LoadedModel[]) {
    this.#known = known;
  }

  /** @returns the message once it is whole @throws WireViolation */
  push(chunk: Buffer): FromHost | undefined {
    if (this.#isDone) throw new WireViolation('unasked', 'a second message from the host');
    if (this.#held.length + chunk.length > MAX_LINE_BYTES)
      throw new WireViolation('too_long', `a message exceeds ${MAX_LINE_BYTES} bytes`);
    // Bounded by the line: the copies of one that comes byte by byte as well.
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = bytes.indexOf(LF);
    if (end < 0) {
      this.#held = bytes;
      return undefined;
    }
    if (end < bytes.length - 1) throw new WireViolation('unasked', 'a second message from the host');
    this.#isDone = true;
    return parseHostMessage(bytes.toString('utf8', 0, end), this.#known);
  }
}
