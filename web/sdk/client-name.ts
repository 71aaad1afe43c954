/** Name and version in `hello`; the version is that of the package. */
export const CLIENT = { name: 'invigil-client', version: '0.1.0' } as const;
