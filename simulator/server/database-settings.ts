/**
 * Settings of a server that uses this database and no other, whatever the environment of this process names.
 * @param url undefined: the embedded database
 */
export const databaseSettings = (url: string | undefined): Record<string, string | undefined> => ({
  DATABASE_URL: url,
  DATABASE_URL_FILE: undefined,
  PGHOST: undefined,
});
