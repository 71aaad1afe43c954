import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const json = <T>(path: string) => JSON.parse(text(path)) as T;

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  /** A folder of this repository, under its package's name. */
  readonly link?: boolean;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const { packages } = json<{ packages: Record<string, Locked> }>('package-lock.json');
const locked = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);
const named = (wanted: (entry: Locked) => boolean) => locked.filter(([, entry]) => wanted(entry)).map(([path]) => path);

test('every package in the lock file has a SHA-512 digest, for every platform, and no registry URL', () => {
  expect(locked.length).toBeGreaterThan(200);
  expect(named(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  expect(named(({ resolved }) => resolved !== undefined)).toEqual([]);
  const workspaces = Object.values(packages).flatMap(({ link, resolved }) => (link ? [resolved] : []));
  expect(workspaces).toEqual(['web/sdk', 'protocol']);
});

test('runtime dependencies have licences compatible with Apache-2.0', () => {
  const COMPATIBLE =
    /^(Apache-2\.0|MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|\(?(BSD-2-Clause OR MIT OR Apache-2\.0|MIT OR CC0-1\.0)\)?)$/;
  /** Packages whose package.json names no licence: the first line of their licence file. */
  const BY_FILE: Readonly<Record<string, string>> = { 'node_modules/png-js': 'MIT License' };
  for (const [path, first] of Object.entries(BY_FILE)) expect(text(`${path}/LICENSE`).split('\n')[0]).toBe(first);
  const others = named(({ dev, license }) => !dev && !COMPATIBLE.test(license ?? ''));
  expect(others.filter((path) => !(path in BY_FILE))).toEqual([]);
});

test('no package runs an install script', () => {
  const { allowScripts } = json<{ allowScripts: Record<string, boolean> }>('package.json');
  expect(text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  // For an npm that is told otherwise: those that have one are named, and not allowed.
  expect(
    named(({ hasInstallScript }) => hasInstallScript === true)
      .map((path) => path.replace('node_modules/', ''))
      .filter((name) => allowScripts[name] !== false),
  ).toEqual([]);
});

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

test('the SBOM of the build lists packages with their lock file digests, packages bundled into pages, and weights with their digests', () => {
  const bom = json<Bom>('dist/sbom.json');
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    metadata: { component: { type: 'application', name: 'invigil' } },
  });
  // The same sources make the same bytes.
  expect(bom.metadata.timestamp).toBeUndefined();

  for (const { name, version, hashes, licenses } of bom.components) {
    expect([name, version, hashes?.length, licenses?.length]).toEqual([name, expect.stringMatching(/^\d/), 1, 1]);
  }
  const refs = new Set(bom.components.map((component) => component['bom-ref']));
  expect(refs.size).toBe(bom.components.length);
  for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);

  const run = locked
    .filter(([, entry]) => !entry.dev)
    .map(([, { integrity }]) => Buffer.from(integrity!.replace('sha512-', ''), 'base64').toString('hex'));
  const listed = bom.components.flatMap(({ hashes = [] }) => hashes.map(({ content }) => content));
  expect(run.filter((digest) => !listed.includes(digest))).toEqual([]);
  expect(bom.components.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['preact', 'uplot', '@uwsjs/linux-x64-24', 'onnxruntime-node']),
  );

  const models = bom.components.filter(({ type }) => type === 'machine-learning-model');
  expect(models.map(({ name }) => name)).toEqual(['invigil-eyes', 'invigil-face', 'invigil-gaze']);
  for (const { hashes, description } of models) {
    const bytes = readFileSync(new URL(`../../${/models\/\S+/.exec(description!)![0]}`, import.meta.url));
    expect(hashes).toEqual([{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }]);
  }
});

interface Service {
  readonly environment: Record<string, string>;
  readonly secrets: string[];
  readonly networks: string[];
  readonly volumes: string[];
  readonly tmpfs: string[];
  readonly cap_add?: string[];
  readonly ports?: string[];
}

test('compose runs both containers with a read-only root, without capabilities and with secrets as files, and exposes the database to the server only', () => {
  const compose = parse(text('compose.yaml')) as {
    services: Record<'server' | 'database', Service>;
    networks: Record<string, { internal?: boolean } | null>;
    secrets: Record<string, { file: string }>;
  };
  for (const service of Object.values(compose.services)) {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number),
      mem_limit: expect.any(String),
    });
    // No secret is a variable, and each that is named is mounted.
    for (const [name, value] of Object.entries(service.environment)) {
      // Optional: its secret is the operator's to add.
      if (value === `\${${name}:-}`) continue;
      if (name.endsWith('_FILE')) expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
      else expect(name).not.toMatch(/SECRET|KEY|TOKEN|PASSWORD/);
    }
    for (const name of service.secrets) expect(compose.secrets[name]).toEqual({ file: `./secrets/${name}` });
  }
  const { server, database } = compose.services;
  expect(server.cap_add).toBeUndefined();
  expect(server.environment['DATABASE_URL']).not.toMatch(/:[^/]+@/);
  expect(server.ports).toEqual(['127.0.0.1:8080:8080']);
  expect(database.ports).toBeUndefined();
  expect(database.networks).toEqual(['back']);
  expect(compose.networks['back']).toEqual({ internal: true });
  // In no image and in no commit.
  for (const ignored of ['.dockerignore', '.gitignore']) expect(text(ignored)).toMatch(/^secrets\/?$/m);
});
