import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema/database.ts';

/**
 * First argument of every query function: the database handle, or the transaction it must be part of. Using the outer
 * handle inside a transaction deadlocks on PGlite, which has one connection.
 */
export type Executor = Kysely<Schema> | Transaction<Schema>;
/** A started transaction. */
export type Tx = Transaction<Schema>;
export type Db = Kysely<Schema>;
