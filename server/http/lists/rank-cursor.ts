import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RankedPlace } from '../../../db/ranked-place.ts';
import { badField } from '../../../protocol/errors.ts';
import { Id } from '../../../protocol/events.ts';
import { TIME_BOUNDS } from '../../../protocol/http/stored-time.ts';

/** Value, id, name of the list and, where the order depends on it, the time of the first page, server ms. */
const Place = z.tuple([z.number(), Id, z.string(), z.number().optional()]);

/** Place in a list, and the time at which all its pages are ordered. */
export type TimedPlace = RankedPlace & { readonly at?: number | undefined };

/** Name of a list: places of one order and filter mean nothing in another. Fields that are undefined do not count. */
export const listName = (filter: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        Object.entries(filter)
          .filter(([, value]) => value !== undefined)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .digest('base64url')
    .slice(0, 12);

/** Opaque to clients. @param list as `listName` */
export const encodeRankCursor = ({ value, id, at }: TimedPlace, list: string): string =>
  Buffer.from(JSON.stringify([value, id, list, ...(at === undefined ? [] : [at])])).toString('base64url');

/** @throws ProtocolError `bad_request` for a cursor that this server did not issue, or of another order or filter */
export function decodeRankCursor(cursor: string, list: string): TimedPlace {
  const read = readPlace(cursor);
  if (read?.[2] === list) return { value: read[0], id: read[1], at: read[3] };
  throw badCursor(read ? 'belongs to another order or filter: begin with the first page' : NO_CURSOR);
}

/** The same for an order by time: its value is one, in ms. @throws ProtocolError as `decodeRankCursor` */
export function decodeTimeCursor(cursor: string, list: string): RankedPlace {
  const place = decodeRankCursor(cursor, list);
  const [from, to] = TIME_BOUNDS;
  if (place.value >= from && place.value < to) return place;
  throw badCursor(NO_CURSOR);
}

const NO_CURSOR = 'must be the nextCursor of a page';

const badCursor = (message: string) => badField('query.cursor', message);

function readPlace(cursor: string): z.output<typeof Place> | undefined {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    return undefined;
  }
}
