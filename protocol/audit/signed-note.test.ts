import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import {
  formatNote,
  formatVerifierKey,
  keyIdOf,
  type NoteCrypto,
  type NoteFault,
  openNote,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from './signed-note.ts';

/** The DER of an Ed25519 public key, RFC 8410, up to the key itself. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const crypto: NoteCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  verify: (publicKey, message, signature) =>
    verify(
      null,
      message,
      createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
};
const { sha256 } = crypto;

interface Signer {
  readonly key: VerifierKey;
  readonly privateKey: KeyObject;
}

function newSigner(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    key: { name, publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length) },
    privateKey,
  };
}

async function signedBy(signers: readonly Signer[], text: string): Promise<string> {
  const signatures = signers.map(async ({ key, privateKey }) => ({
    name: key.name,
    keyId: await keyIdOf(key, sha256),
    signature: sign(null, Buffer.from(text), privateKey),
  }));
  return formatNote({ text, signatures: await Promise.all(signatures) });
}

const faultOf = (opened: Promise<unknown>): Promise<NoteFault | 'none'> =>
  opened.then(
    () => 'none',
    (error: { fault: NoteFault }) => error.fault,
  );

/** From the documentation and the tests of golang.org/x/mod/sumdb/note, and from another implementation's. */
const PUBLISHED = [
  {
    key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
  },
  {
    key: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    text: 'This is an example message.\n',
    line: '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
  },
];

test.each(PUBLISHED)('a published signed note opens with its key: $key', async ({ key, text, line }) => {
  const verifier = await parseVerifierKey(key, sha256);
  expect(await formatVerifierKey(verifier, sha256)).toBe(key);
  expect((await openNote(`${text}\n${line}`, [verifier], crypto)).text).toBe(text);
  expect(
    await faultOf(openNote(`${text.replace('you', 'yoU').replace('This', 'That')}\n${line}`, [verifier], crypto)),
  ).toBe('bad_signature');
  expect(formatNote(parseNote(`${text}\n${line}`))).toBe(`${text}\n${line}`);
});

test('the example of c2sp.org/signed-note, whose text contains an empty line, opens', () => {
  const note = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;
  const { text, signatures } = parseNote(note);
  expect(text).toBe('Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n');
  expect(signatures.map(({ name, keyId }) => [name, Buffer.from(keyId).toString('hex')])).toEqual([
    ['quasimodo.example/salvatore', '367ba04b'],
  ]);
});

test('the example of c2sp.org/tlog-checkpoint opens', () => {
  const note = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  const checkpoint = parseCheckpoint(parseNote(note).text);
  expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  expect(Buffer.from(checkpoint.root).toString('hex')).toBe(
    '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62',
  );
  expect(formatCheckpoint(checkpoint)).toBe(parseNote(note).text);
});

const SIGNATURE = `— a.example ${Buffer.alloc(68).toString('base64')}\n`;

test.each([
  ['nothing', ''],
  ['no signature', 'text\n'],
  ['an empty line and no signature', 'text\n\n'],
  ['no text', `\n${SIGNATURE}`],
  ['no empty line', `text\n${SIGNATURE}`],
  ['a last line that does not end', `text\n\n${SIGNATURE.slice(0, -1)}`],
  ['a line after the signatures', `text\n\n${SIGNATURE}more\n`],
  ['a hyphen for the dash', `text\n\n${SIGNATURE.replace('—', '-')}`],
  ['two spaces', `text\n\n${SIGNATURE.replace(' ', '  ')}`],
  ['no name', `text\n\n${SIGNATURE.replace('a.example', '')}`],
  ['a plus in the name', `text\n\n${SIGNATURE.replace('a.', 'a+')}`],
  ['a space of Unicode in the name', `text\n\n${SIGNATURE.replace('a.', 'a\u2003')}`],
  ['a signature without its padding', `text\n\n${SIGNATURE.replace('=', '')}`],
  ['bits behind the end of a signature', `text\n\n${SIGNATURE.replace('A=\n', 'B=\n')}`],
  ['a key id and no signature', 'text\n\n— a.example AAAAAA==\n'],
  ['URL-safe base64', `text\n\n${SIGNATURE.replace('AAAA', 'AA-_')}`],
  ['carriage returns', `text\r\n\n${SIGNATURE}`],
  ['a tab', `te\txt\n\n${SIGNATURE}`],
  ['half a surrogate pair', `te\uD800xt\n\n${SIGNATURE}`],
  ['more signatures than anybody needs', `text\n\n${SIGNATURE.repeat(101)}`],
])('a note with %s is none', (_what, note) => {
  expect(() => parseNote(note)).toThrow(expect.objectContaining({ fault: 'malformed' }));
});

test('a note with 16 signatures opens', () => {
  expect(parseNote(`text\n\n${SIGNATURE.repeat(16)}`).signatures).toHaveLength(16);
});

test.each([
  ['PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'another id'],
  ['PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'an id in capitals'],
  ['PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'another name'],
  ['Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'a space in its name'],
  ['PeterNeumann+c74f20a3+AhpcCQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'another algorithm'],
  ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=', 'a short key'],
  ['PeterNeumann+c74f20a3', 'no key'],
  ['', 'nothing'],
])('%s is no verifier key: %s', async (text) => {
  expect(await faultOf(parseVerifierKey(text, sha256))).toBe('malformed');
});

test.each([
  'a\n1\n\n',
  'a\n1\n',
  '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n1.0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n9007199254740992\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n',
  'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n',
  'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n',
  'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
  'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nx\n\n',
])('%j is no checkpoint', (text) => {
  expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ fault: 'malformed' }));
});

test('a checkpoint with extension lines, and one of the empty tree, are parsed', () => {
  const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
  expect(parseCheckpoint(`a b\n0\n${root}\nanything at all\n`)).toMatchObject({ origin: 'a b', size: 0 });
});

test('a note needs one valid signature of a trusted key, and no invalid one', async () => {
  const [ours, witness, stranger] = [
    newSigner('log.example'),
    newSigner('witness.example'),
    newSigner('stranger.example'),
  ];
  const note = await signedBy([stranger, ours], 'text\n');
  expect((await openNote(note, [ours.key, witness.key], crypto)).text).toBe('text\n');
  expect(await faultOf(openNote(note, [witness.key], crypto))).toBe('unknown_key');
  expect(await faultOf(openNote(note, [], crypto))).toBe('unknown_key');
  // Same name with another key, and the same key with another name, are unknown.
  expect(await faultOf(openNote(note, [{ ...witness.key, name: 'log.example' }], crypto))).toBe('unknown_key');
  expect(await faultOf(openNote(note, [{ ...ours.key, name: 'witness.example' }], crypto))).toBe('unknown_key');
  const both = await signedBy([ours, witness], 'text\n');
  const spoilt = formatNote({
    ...parseNote(both),
    signatures: parseNote(both).signatures.map((signature, i) =>
      i === 1 ? { ...signature, signature: new Uint8Array(64) } : signature,
    ),
  });
  expect(await faultOf(openNote(spoilt, [ours.key], crypto))).toBe('none');
  expect(await faultOf(openNote(spoilt, [ours.key, witness.key], crypto))).toBe('bad_signature');
});

const anyText = fc
  .array(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((line) => line.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => `${lines.join('\n')}\n`);

test('a signed note opens; with one character changed it is refused', async () => {
  const signer = newSigner('log.example/1');
  await fc.assert(
    fc.asyncProperty(anyText, fc.nat(), async (text, at) => {
      const note = await signedBy([signer], text);
      expect((await openNote(note, [signer.key], crypto)).text).toBe(text);
      const place = at % note.length;
      const changed = `${note.slice(0, place)}${note[place] === 'x' ? 'y' : 'x'}${note.slice(place + 1)}`;
      expect(await faultOf(openNote(changed, [signer.key], crypto))).not.toBe('none');
    }),
    { numRuns: 300 },
  );
});

test('a signed checkpoint opens unchanged', async () => {
  const signer = newSigner('log.example/1');
  await fc.assert(
    fc.asyncProperty(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), async (size, root) => {
      const note = await signedBy([signer], formatCheckpoint({ origin: 'log.example/1', size, root }));
      const opened = await openCheckpoint(note, [signer.key], crypto);
      expect({ ...opened, root: [...opened.root] }).toEqual({ origin: 'log.example/1', size, root: [...root] });
    }),
    { numRuns: 100 },
  );
  expect(() => formatCheckpoint({ origin: 'two\nlines', size: 1, root: new Uint8Array(32) })).toThrow(
    'invalid tree size',
  );
});
