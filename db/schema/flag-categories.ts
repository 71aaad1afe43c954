import type { JSONColumnType } from 'kysely';
import type { FlagCategory } from '../../protocol/flag-categories.ts';

/** Irregularities that staff can flag in an exam; without a row those of the server. */
export interface FlagCategoriesTable {
  exam_id: string;
  categories: JSONColumnType<FlagCategory[]>;
}
