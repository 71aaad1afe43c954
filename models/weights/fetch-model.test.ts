import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { cutsAfter, FileServer, servesRanges } from '../../test/support/file-server.ts';
import type { ManifestEntry } from '../manifest.ts';
import { fetchModel } from './fetch-model.ts';
import { randomChoices } from '../../test/support/random.ts';

const { random } = randomChoices();

const bytes = randomBytes(300_000);
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const OPTIONS = { stallMs: 5000 };

let server: FileServer;
let folder: string;

beforeEach(async () => {
  server = await FileServer.start(servesRanges(bytes));
  folder = await temporaryFolder('weights');
});
afterEach(() => server.stop());

function entry(changes: Partial<ManifestEntry> = {}): ManifestEntry {
  return {
    name: 'net',
    version: '1',
    adapter: 'net',
    role: 'face',
    file: 'net.onnx',
    bytes: bytes.length,
    sha256: sha256(bytes),
    licence: 'Apache-2.0',
    origin: 'here',
    shipped: false,
    url: `${server.url}net.onnx`,
    inputs: [],
    outputs: [],
    ...changes,
  };
}

/** Deep comparison of large buffers takes seconds. */
async function expectWhole(path = join(folder, 'net.onnx')): Promise<void> {
  expect(sha256(await readFile(path))).toBe(sha256(bytes));
}

const files = (): Promise<string[]> => readdir(folder).then((names) => names.toSorted());

test('a file is downloaded, verified and moved into place, without leftovers', async () => {
  const steps: number[] = [];
  const { path, fetched } = await fetchModel(entry(), folder, {
    ...OPTIONS,
    progress: (received) => steps.push(received),
  });
  expect({ path, fetched }).toEqual({ path: join(folder, 'net.onnx'), fetched: true });
  await expectWhole(path);
  expect(await files()).toEqual(['net.onnx']);
  expect(steps.at(-1)).toBe(bytes.length);
});

test('an existing valid file is not downloaded again', async () => {
  await fetchModel(entry(), folder, OPTIONS);
  expect(await fetchModel(entry(), folder, OPTIONS)).toMatchObject({ fetched: false });
  expect(server.asked).toHaveLength(1);
});

test('an existing invalid file is replaced', async () => {
  await writeFile(join(folder, 'net.onnx'), 'an error page');
  expect(await fetchModel(entry(), folder, OPTIONS)).toMatchObject({ fetched: true });
  await expectWhole();
});

test('an interrupted download resumes with a range request', async () => {
  server.answer = cutsAfter(bytes, 100_000);
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({ code: 'network' });
  expect(await files()).toEqual(['net.onnx.part', 'net.onnx.part.validator']);
  server.answer = servesRanges(bytes);
  await fetchModel(entry(), folder, OPTIONS);
  expect(server.asked.at(-1)).toMatchObject({ range: 'bytes=100000-', ifRange: '"one"' });
  await expectWhole();
  expect(await files()).toEqual(['net.onnx']);
});

test('a partial file of a killed process is resumed', async () => {
  server.answer = cutsAfter(bytes, 100_000);
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toThrow();
  const [part, validator] = await Promise.all(
    ['net.onnx.part', 'net.onnx.part.validator'].map((name) => readFile(join(folder, name))),
  );
  const other = await temporaryFolder('weights');
  // Process ids are below 2 ** 22 on Linux.
  await writeFile(join(other, 'net.onnx.part.99999999-1'), part!);
  await writeFile(join(other, 'net.onnx.part.99999999-1.validator'), validator!);
  server.answer = servesRanges(bytes);
  await fetchModel(entry(), other, OPTIONS);
  expect(server.asked.at(-1)).toMatchObject({ range: 'bytes=100000-' });
  expect(await readdir(other)).toEqual(['net.onnx']);
});

test('a server that ignores the range request restarts the download', async () => {
  server.answer = cutsAfter(bytes, 100_000);
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toThrow();
  server.answer = (_request, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  await fetchModel(entry(), folder, OPTIONS);
  await expectWhole();
});

test('a partial file is discarded when the server has a newer version', async () => {
  server.answer = cutsAfter(randomBytes(bytes.length), 100_000, '"zero"');
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toThrow();
  server.answer = servesRanges(bytes);
  await fetchModel(entry(), folder, OPTIONS);
  await expectWhole();
});

test.each([
  [
    'a range other than the one asked for',
    (from: number) => `bytes ${from - 1}-${bytes.length - 1}/${bytes.length}`,
    206,
  ],
  ['no such range', () => `bytes */${bytes.length}`, 416],
])('a server that answers with %s is asked for the whole file', async (_name, range, status) => {
  server.answer = cutsAfter(bytes, 100_000);
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toThrow();
  server.answer = (request, response) => {
    if (request.headers.range === undefined) servesRanges(bytes)(request, response);
    else response.writeHead(status, { 'content-range': range(100_000) }).end();
  };
  await fetchModel(entry(), folder, OPTIONS);
  await expectWhole();
});

test.each([
  ['of another content', 'wrong_digest', randomBytes(bytes.length), true],
  ['that is too long', 'too_long', Buffer.concat([bytes, bytes]), true],
  ['that is too long and does not say so', 'too_long', Buffer.concat([bytes, bytes]), false],
  ['that is too short', 'too_short', bytes.subarray(1), true],
] as const)('a file %s is refused and removed', async (_name, code, sent, announced) => {
  server.answer = (_request, response) =>
    response.writeHead(200, announced ? { 'content-length': sent.length } : {}).end(sent);
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({ code });
  expect(await files()).toEqual([]);
});

test('an endless response is aborted at the expected size', async () => {
  let sent = 0;
  server.answer = (_request, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      sent += 65_536;
      response.write(Buffer.alloc(65_536), more);
    };
    more();
  };
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({ code: 'too_long' });
  expect(sent).toBeLessThan(50e6);
});

test('a status other than 200 is reported', async () => {
  server.answer = (_request, response) => response.writeHead(404).end('not here');
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({
    code: 'http_status',
    message: expect.stringContaining('404'),
  });
  expect(await files()).toEqual([]);
});

test('a stalled download is aborted, and its partial file is kept', async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 50_000));
  };
  await expect(fetchModel(entry(), folder, { stallMs: 200 })).rejects.toMatchObject({ code: 'stalled' });
  expect((await readFile(join(folder, 'net.onnx.part'))).length).toBe(50_000);
});

test('a refused connection is a network failure', async () => {
  const gone = entry();
  await server.stop();
  await expect(fetchModel(gone, folder, OPTIONS)).rejects.toMatchObject({ code: 'network' });
});

test('a redirect to plain HTTP is followed to loopback only', async () => {
  server.answer = (_request, response) => response.writeHead(302, { location: 'http://192.0.2.1/net.onnx' }).end();
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({ code: 'redirect_refused' });
  server.answer = (request, response) => {
    if (request.url === '/moved/net.onnx') servesRanges(bytes)(request, response);
    else response.writeHead(302, { location: 'moved/net.onnx' }).end();
  };
  expect(await fetchModel(entry(), folder, OPTIONS)).toMatchObject({ fetched: true });
});

test('a redirect loop ends with an error', async () => {
  server.answer = (_request, response) => response.writeHead(302, { location: '/net.onnx' }).end();
  await expect(fetchModel(entry(), folder, OPTIONS)).rejects.toMatchObject({ code: 'redirect_refused' });
});

test.each(['http://192.0.2.1/net.onnx', 'file:///etc/passwd', 'net.onnx'])(
  '%s is no address for weights',
  async (url) => {
    await expect(fetchModel(entry({ url }), folder, OPTIONS)).rejects.toMatchObject({ code: 'bad_address' });
    expect(await files()).toEqual([]);
  },
);

test('a file without a URL fails with instructions', async () => {
  const failure = fetchModel(entry({ url: null }), folder, OPTIONS);
  await expect(failure).rejects.toMatchObject({
    code: 'no_address',
    message: expect.stringContaining('put net.onnx into a model folder'),
  });
});

test("the project's own weights are not downloaded", async () => {
  await expect(fetchModel(entry({ shipped: true }), folder, OPTIONS)).rejects.toMatchObject({ code: 'shipped_model' });
});

test('concurrent downloads of one file all succeed', async () => {
  server.answer = (request, response) => setTimeout(() => servesRanges(bytes)(request, response), 50 * random());
  await Promise.all(Array.from({ length: 5 }, () => fetchModel(entry(), folder, OPTIONS)));
  await expectWhole();
  expect(await files()).toEqual(['net.onnx']);
});

test('vertices are converted from an OBJ file, and both are verified', async () => {
  const obj = Buffer.from(
    'v 0.000000 -3.406404 5.979507\r\nv 1.500000 2.000000 -0.100000\nvt 0.1 0.2\nf 1/1 2/1 1/1\n',
  );
  const json = Buffer.from('[[0.0, -3.406404, 5.979507], [1.5, 2.0, -0.1]]');
  server.answer = servesRanges(obj);
  const made = entry({
    file: 'face.json',
    bytes: json.length,
    sha256: sha256(json),
    madeFrom: { bytes: obj.length, sha256: sha256(obj) },
  });
  await fetchModel(made, folder, OPTIONS);
  expect(await readFile(join(folder, 'face.json'))).toEqual(json);
  await expect(
    fetchModel({ ...made, file: 'other.json', sha256: sha256(bytes) }, folder, OPTIONS),
  ).rejects.toMatchObject({ code: 'wrong_digest' });
  expect(await files()).toEqual(['face.json']);
});

test('a mirror serves the files themselves, under their own names', async () => {
  const { url } = server;
  await fetchModel(entry({ url: null }), folder, { ...OPTIONS, from: `${url}mirror` });
  expect(server.asked.at(-1)).toMatchObject({ path: '/mirror/net.onnx' });
});
