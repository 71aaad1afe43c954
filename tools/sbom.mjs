import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run sbom`: dist/sbom.json, what a server is made of (CycloneDX): the packages of the lock file that are
 * installed to run it, and the models' weights, each with its digest. Made of files only: the same lock file and
 * weights make the same bytes.
 */

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => JSON.parse(readFileSync(at(path), 'utf8'));
const SOURCES = ['package.json', 'package-lock.json', 'models/manifest.json', 'tools/sbom.mjs'];
const TARGET = 'dist/sbom.json';

const isUpToDate = () =>
  existsSync(at(TARGET)) && SOURCES.every((path) => statSync(at(path)).mtimeMs <= statSync(at(TARGET)).mtimeMs);

/** Only those that come with the project: fetched ones are its operator's. */
function weights() {
  return read('models/manifest.json')
    .models.filter(({ shipped }) => shipped)
    .map(({ name, version, file, sha256, licence }) => ({
      type: 'machine-learning-model',
      'bom-ref': `${name}@${version}`,
      name,
      version,
      description: `weights: models/${file}`,
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      licenses: [{ license: { id: licence } }],
    }));
}

/** Needed to build, and part of the pages that browsers get. */
const BUNDLED = new Set(['preact', 'uplot']);

/**
 * Packages that are installed to run a server, or bundled. Not by `npm sbom --omit dev`, which also leaves out what
 * both need.
 */
function isShipped() {
  const shipped = new Set(
    // Under its own name and that of an alias.
    Object.entries(read('package-lock.json').packages).flatMap(([path, { name, version, dev }]) => {
      // The project's own packages are part of the application.
      if (!path.includes('node_modules/')) return [];
      const as = path.split('node_modules/').at(-1);
      return !dev || BUNDLED.has(as) ? [`${as}@${version}`, `${name}@${version}`] : [];
    }),
  );
  return ({ name, version }) => shipped.has(`${name}@${version}`);
}

/** Packages whose package.json names no licence: MIT by their licence file. */
const MIT_BY_FILE = new Set(['png-js']);

const withLicence = (component) =>
  MIT_BY_FILE.has(component.name) ? { ...component, licenses: [{ license: { id: 'MIT' } }] } : component;

/** By the name in package.json, not that of the folder; without a time and a random number. */
function settled(bom) {
  const { name, version } = read('package.json');
  const models = weights();
  const { timestamp: _, ...metadata } = bom.metadata;
  const packages = bom.components.filter(isShipped()).map(withLicence);
  const refs = new Set([bom.metadata.component, ...packages].map((component) => component['bom-ref']));
  const components = [...packages, ...models].toSorted((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const dependencies = [
    ...bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) }))
      .map((of) =>
        of.ref === bom.metadata.component['bom-ref']
          ? { ...of, dependsOn: [...of.dependsOn, ...models.map((model) => model['bom-ref'])] }
          : of,
      ),
    ...models.map((model) => ({ ref: model['bom-ref'], dependsOn: [] })),
  ];
  const content = {
    metadata: { ...metadata, component: { ...metadata.component, type: 'application', name, version } },
    components,
    dependencies,
  };
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  // Of version 8 (RFC 9562): the content's digest.
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return {
    $schema: bom.$schema,
    bomFormat: bom.bomFormat,
    specVersion: bom.specVersion,
    serialNumber: `urn:uuid:${id}`,
    version: 1,
    ...content,
  };
}

if (!isUpToDate()) {
  const bom = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'], {
    cwd: at(''),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(at(TARGET), `${JSON.stringify(settled(JSON.parse(bom)), null, 2)}\n`);
}
