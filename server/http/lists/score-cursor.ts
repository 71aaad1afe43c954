import { z } from 'zod';
import type { ScorePlace } from '../../../db/score-place.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Id } from '../../../protocol/events.ts';

const Place = z.tuple([z.number(), Id]);

/** Opaque to clients. */
export const encodeScoreCursor = ({ score, id }: ScorePlace): string =>
  Buffer.from(JSON.stringify([score, id])).toString('base64url');

/** @throws ProtocolError `bad_request` for a cursor that this server did not issue */
export function decodeScoreCursor(cursor: string): ScorePlace {
  try {
    const [score, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { score, id };
  } catch {
    throw new ProtocolError('bad_request', 'query.cursor: must be the nextCursor of a page', {
      ref: 'query.cursor',
      fields: [{ field: 'query.cursor', message: 'must be the nextCursor of a page' }],
    });
  }
}
