interface Setup {
  readonly production: boolean;
  readonly databaseUrl: string | undefined;
}

/** Defaults for evaluation that are still in use, as a warning; undefined: none. */
export function evaluationWarning({ production, databaseUrl }: Setup): string | undefined {
  const missing = [
    ...(databaseUrl === undefined ? ['DATABASE_URL (the embedded database can lose data in a power failure)'] : []),
    ...(production ? [] : ['NODE_ENV=production']),
  ];
  return missing.length === 0 ? undefined : `defaults for evaluation: for a real exam set ${missing.join(' and ')}`;
}
