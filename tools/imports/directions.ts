/** What the files of some places may import besides files of the same places. */
export interface Direction {
  /** Folders, `folder/*` (its own files only) or files. A file belongs to the row with the longest path to it. */
  readonly of: readonly string[];
  /** The same; `folder/*` without files that have a row of their own. */
  readonly may: readonly string[];
  /** Packages, and `node:` for Node's own; any when left out. */
  readonly packages?: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);
const row = (of: string, may: string, packages?: string): Direction => ({
  of: words(of),
  may: words(may),
  ...(packages !== undefined && { packages: words(packages) }),
});

/** Of the protocol, without even zod. */
const PLAIN = 'protocol/errors.ts protocol/frame.ts protocol/event-types.ts protocol/version.ts';
/** Server files on which all its folders stand. */
const GROUND = 'server/*';
/** For most folders of the server. Models run in the inference host; the main process knows their messages only. */
const NO_DATABASE = `${GROUND} protocol models/jobs.ts`;
const COMMON = `${NO_DATABASE} db`;
/** For threads and child processes. */
const ENTRIES = 'models/module-path.ts';

/** For commands. */
const SETTINGS =
  'server/command-line.ts server/config.ts server/config/own-address.ts server/folders/private-folder.ts';
const session = (...names: string[]) => names.map((name) => `server/session/${name}`).join(' ');
/** What may be in a picture is checked alike everywhere. */
const CHECKED = session('frames/jpeg-header.ts', 'frames/picture-size.ts', 'rules/people.ts', 'rules/face-light.ts');
/** Below the edges of the server. */
const INSIDE = [
  'access',
  'audit',
  'auth',
  'check-in',
  'evidence',
  'exams',
  'feed',
  'import',
  'inference',
  'mail',
  'results',
  'report',
  'session',
  'system',
  'system-check',
]
  .map((name) => `server/${name}`)
  .join(' ');

/**
 * The import directions of docs/architecture.md: an import that no row names is refused. Tests beside their source follow
 * the row of `test`, but those of `bench`.
 */
export const DIRECTIONS: readonly Direction[] = [
  // Loaded by browsers, too.
  row('protocol', PLAIN, 'zod'),
  row(PLAIN, 'protocol/security-kinds.ts', ''),

  row('db', 'protocol'),

  row('models models/adapters', ''),
  row('models/weights', 'models'),
  row('models/train', 'models simulator/draw'),

  row(GROUND, 'db/content-fault.ts'),
  row('server/main.ts', `${GROUND} db server/config.ts server/context.ts server/socket/listen.ts`),
  row('server/context.ts server/startup', 'server protocol db'),
  row(
    'server/config server/config.ts server/folders',
    `${GROUND} models/folders.ts protocol/http/accounts.ts protocol/http/exams.ts server/auth/passwords/password-rules.ts ` +
      'server/http/edge/client-address.ts server/http/edge/open-files.ts db/postgres/target.ts db/postgres/url.ts',
  ),
  row('server/access', COMMON),
  row('server/mail', NO_DATABASE),
  row('server/auth', `${COMMON} server/audit/security server/folders/private-folder.ts server/mail ${ENTRIES}`),
  row('server/auth/cli.ts server/auth/passwords/reset-command.ts', `server/auth db ${SETTINGS}`),
  row('server/audit', `${COMMON} server/auth/network.ts`),
  row('server/audit/export', `${GROUND} protocol server/audit`),
  row('server/audit/export/database-source.ts', `server/audit protocol db`),
  row('server/audit/cli.ts server/audit/commands', `server/audit protocol db ${SETTINGS}`),
  row('server/move', `server/* server/audit protocol db ${SETTINGS}`),
  row(
    'server/inference',
    `${NO_DATABASE} models/frame-wire.ts models/answer-guard.ts models/wire-violation.ts models/manifest.ts ${ENTRIES}`,
  ),
  row('server/feed', 'protocol'),
  row('server/evidence', `${COMMON} models/exif-orientation.ts`),
  row('server/session/rules', `${COMMON} models/boxes.ts`),
  row('server/session/record', `${COMMON} ${session('rules')} server/evidence server/feed`),
  row('server/session/lists', `${COMMON} ${session('rules')}`),
  row('server/session/signals', `${COMMON} ${session('rules', 'record')}`),
  row('server/session/frames', `${COMMON} ${session('rules', 'record')} server/inference models/jpeg-limits.ts`),
  row('server/session/conversation', `${COMMON} ${session('rules', 'record')}`),
  row('server/session/requests', `${COMMON} ${session('rules', 'record', 'frames')}`),
  row(
    'server/session/live',
    `${COMMON} server/access server/feed server/auth/network.ts server/auth/accounts/anonymised.ts ${session('rules', 'record', 'signals', 'frames', 'requests', 'conversation')}`,
  ),
  row('server/session/review', `${COMMON} server/access ${session('rules', 'record', 'live')}`),
  row('server/cluster', `${COMMON} server/auth/logins/revocations.ts server/access server/feed ${session('live')}`),
  row('server/session/team', `${COMMON} server/access server/feed`),
  row('server/exams', `${COMMON} server/access server/auth/accounts/anonymised.ts server/session server/evidence`),
  row(
    'server/check-in',
    `${COMMON} server/access server/evidence server/exams/student-view.ts ${session('live', 'frames/jpeg-header.ts', 'record/review-records.ts')}`,
  ),
  row('server/import', `${COMMON} server/access server/auth server/mail ${ENTRIES}`),
  row(
    'server/report',
    `${COMMON} ${session('rules', 'record')} server/session/review/releases-view.ts server/audit/proofs.ts server/check-in/record.ts server/evidence/evidence-reader.ts ${ENTRIES}`,
  ),
  row('server/report/cli.ts', `server/report server/* ${SETTINGS}`),
  row('server/results', `${COMMON} ${session('rules')} ${ENTRIES}`),
  row('server/system', `${COMMON} server/audit/tree/tree-writer.ts server/inference server/session/live`),
  row('server/system-check', `${NO_DATABASE} server/inference ${CHECKED} server/auth/network.ts`),
  row('server/http', `${COMMON} ${INSIDE}`),
  row('server/socket', `${COMMON} ${INSIDE} server/http`),

  row('web/sdk', 'protocol', ''),
  row('web/sdk/node', 'protocol web/sdk', 'node:'),
  row('web', 'protocol web/sdk', 'preact @simplewebauthn/browser uplot uqr zod'),
  row(
    'web/vite.config.ts web/sdk/vite.config.ts web/sdk/declarations web/guides',
    'protocol web/guides web/shared/messages/en/guides.ts',
    'node: vite @preact/preset-vite marked zod',
  ),
  row('web/test', 'protocol web/sdk'),

  row('simulator simulator/server simulator/report', `protocol web/sdk simulator/draw ${ENTRIES}`),
  row('simulator/draw', ''),
  row('simulator/fixtures', 'protocol db server/audit models/jobs.ts simulator/draw/prng.ts'),
  row('bench', 'protocol db models server simulator web/sdk'),
  row('test/bench', 'protocol db models server simulator web/sdk bench test/support'),
  row('test', 'protocol db models server simulator web tools dist'),
  row('tools', 'protocol'),
  row('vitest.config.ts', 'test/support'),
];

/** Packages that are imported in few places. Tests import any. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  kysely: ['db', 'bench/lists/seed-log.ts', 'bench/lists/seed-events.ts'],
  pg: ['db', 'simulator/server/empty-database.ts', 'bench/signals'],
  '@electric-sql/pglite': ['db', 'bench/signals'],
  'onnxruntime-node': ['models/onnx.ts'],
  '@julusian/jpeg-turbo': ['models/decode.ts', 'bench'],
  nodemailer: ['server/mail'],
  '@nats-io/transport-node': ['server/cluster/nats-bus.ts'],
  'csv-parse': ['server/import'],
  'write-excel-file': ['server/results'],
  pdfkit: ['server/report'],
  yauzl: ['server/import'],
  '@napi-rs/canvas': ['simulator/draw'],
  // Their types are declared here; `listen.ts` loads the binary.
  'uWebSockets.js': ['server/socket', 'server/http', 'server/startup', 'server/context.ts'],
};
