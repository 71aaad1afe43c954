import { z } from 'zod';
import type { RankedPlace } from '../../../db/ranked-place.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Id } from '../../../protocol/events.ts';

const Place = z.tuple([z.number(), Id]);

/** Opaque to clients. */
export const encodeRankCursor = ({ value, id }: RankedPlace): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** @throws ProtocolError `bad_request` for a cursor that this server did not issue */
export function decodeRankCursor(cursor: string): RankedPlace {
  try {
    const [value, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { value, id };
  } catch {
    throw new ProtocolError('bad_request', 'query.cursor: must be the nextCursor of a page', {
      ref: 'query.cursor',
      fields: [{ field: 'query.cursor', message: 'must be the nextCursor of a page' }],
    });
  }
}
