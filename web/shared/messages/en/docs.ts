/** The HTTP API's page. Names, summaries and descriptions come from the server's OpenAPI document, in English. */
export const docs = {
  page: 'HTTP API',
  loadFailed: (status: number) => `Loading /openapi.json failed with status ${status}. Reload the page to try again.`,
  filter: 'Filter',
  filterPlaceholder: 'Path or summary',
  token: 'Access token',
  tokenHint: 'Sent with the requests you try. POST /api/auth/login returns one. It stays on this page.',
  schemas: 'Schemas',
  parameters: 'Parameters',
  body: 'Body',
  responses: 'Responses',
  noBody: 'no body',
  tryIt: 'Try it',
  send: 'Send',
  useToken: 'Use this token',
  anyType: 'any',
  minimum: (bound: number) => `≥ ${bound}`,
  exclusiveMinimum: (bound: number) => `> ${bound}`,
  maximum: (bound: number) => `≤ ${bound}`,
  minLength: (length: number) => `at least ${length} characters`,
  maxLength: (length: number) => `at most ${length} characters`,
  preset: (value: string) => `default ${value}`,
};

export type DocsMessages = typeof docs;
