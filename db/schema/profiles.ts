import type { JSONColumnType } from 'kysely';
import type { AccommodationTerms } from '../../protocol/accommodations.ts';
import type { Policy } from '../../protocol/policy.ts';

/** Named policies and accommodations of an organisation. */
export interface ProfilesTable {
  id: string;
  organisation_id: string;
  kind: 'policy' | 'accommodation';
  name: string;
  /** Name by which it is unique in its kind and organisation. */
  name_key: string;
  /** Current version. */
  version: number;
  archived_at: Date | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

/** Versions of profiles. Immutable: a changed profile gets the next version. */
export interface ProfileVersionsTable {
  profile_id: string;
  /** From 1, without gaps. */
  version: number;
  /** Of the profile's kind. */
  content: JSONColumnType<Policy | AccommodationTerms>;
  created_by: string;
  created_at: Date;
}
