/** The server's front page. */
export const home = {
  page: 'Exam proctoring',
  title: 'Self-hosted exam proctoring',
  intro:
    'During an exam, the browser sends camera images and events such as tab switches to this server. ' +
    'It analyses them here, records events, and shows them live to the student and to proctors. ' +
    'Every decision is made by a person.',
  takeExam: 'Take an exam',
  systemCheck: 'System check',
  console: 'Proctor console',
  administration: 'Administration',
  api: 'HTTP API',
  status: 'Server status',
  checking: 'Checking…',
  up: 'Up',
  down: 'Not responding',
  /** Names of the facts in `/health`; an unknown one is shown as it is. */
  facts: {
    status: 'Status',
    database: 'Database',
    vision: 'Image analysis',
    visionReason: 'Image analysis: reason',
    selfRegistration: 'Self-registration',
    apiDocs: 'API documentation',
    version: 'Version',
    databaseEngine: 'Database engine',
    durability: 'Stored data survives',
    models: 'Models',
    audit: 'Audit log',
    evidence: 'Incident images',
    evidenceReason: 'Incident images: reason',
  } as Record<string, string>,
  durability: { 'process-crash': 'a crash of the server', 'power-loss': 'a power failure' } as Record<string, string>,
};
