import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command was called otherwise than its usage says. */
export class UsageError extends Error {}

/** @throws UsageError for an option that the command does not have */
export function parseOptions<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * Writes why the command did nothing to standard error, and its usage if it was called wrongly. Faults of the command
 * itself are thrown on: errors that a user can mend have a code.
 */
export function tellWhy(error: unknown, usage: string, more = ''): void {
  const isUsage = error instanceof UsageError;
  if (!isUsage && !(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`${error.message}${more}\n${isUsage ? `${usage}\n` : ''}`);
}
