import { access } from 'node:fs/promises';
import { NoteError, parseVerifierKey, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { sha256 } from '../tree/hashes.ts';
import { isWorthAThread, startContentsThread } from './contents-thread.ts';
import { MalformedExport } from './format.ts';
import { faultOf, passOverLog, type PassOptions, type PassResult } from './pass.ts';
import { type ExportFile, identityOf, openExport } from './reader.ts';
import { verifySession } from './verify-session.ts';
import { describeResult, type ExportVerification, type VerifyOptions } from './verification.ts';

/**
 * Checks an export, without the server and its database, in one pass: each payload against its digest, each entry
 * against its leaf, its chain and the tree, and the tree against every checkpoint. Memory does not grow with the log;
 * it does by 40 bytes for each checkpoint kept outside.
 *
 * A chain that has not gone on for 65,536 others is forgotten, and looked up again when it does: a second entry at the
 * same place of it is then found only by what the checkpoints say.
 *
 * @throws NoteError when a key is none; an Error with code `ENOENT`, .. when a file cannot be read
 */
export async function verifyExport(path: string, options: VerifyOptions = {}): Promise<ExportVerification> {
  const keys = await Promise.all((options.keys ?? []).map((key) => parseVerifierKey(key, sha256)));
  if (options.checkpoints !== undefined) await access(options.checkpoints);
  let file: ExportFile | undefined;
  try {
    file = await openExport(path);
    const signers = keys.length > 0 ? keys : await keyOfFile(file);
    const pass = file.header.kind === 'full' ? verifyTree : verifySession;
    return describeResult(file.header, keys.length > 0, await pass(file, path, signers, options));
  } catch (error) {
    return describeResult(file?.header, keys.length > 0, { fault: faultOf(error) });
  } finally {
    await file?.handle.close();
  }
}

/** Identity as claimed by the file: for comparison, not proof. */
async function keyOfFile({ header }: ExportFile): Promise<VerifierKey[]> {
  if (header.key === null) return [];
  try {
    return await Promise.all([header.key, ...(header.formerKeys ?? [])].map((key) => parseVerifierKey(key, sha256)));
  } catch (error) {
    throw error instanceof NoteError ? new MalformedExport('invalid key in the header', { cause: error }) : error;
  }
}

async function verifyTree(
  file: ExportFile,
  path: string,
  signers: readonly VerifierKey[],
  options: VerifyOptions,
): Promise<PassResult> {
  const work: PassOptions = {
    checkpoints: options.checkpoints,
    signers,
    entries: true,
    contents: true,
    rememberedChains: options.rememberedChains,
    limit: new Float64Array(new SharedArrayBuffer(8)).fill(Infinity),
  };
  const onProgress = (checked: number) => options.onProgress?.(checked, file.header.size);
  if (!isWorthAThread(file.notesAt)) return passOverLog(file, work, onProgress);
  const [entries, contents] = await Promise.all([
    passOverLog(file, { ...work, contents: false }, onProgress),
    startContentsThread({ path, identity: await identityOf(file), options: { ...work, entries: false } }),
  ]);
  // Within a record, a fault of the entry explains the others.
  const first = contents.fault && (!entries.fault || contents.checked < entries.checked) ? contents : entries;
  return { ...contents, checked: first.fault ? first.checked : contents.checked, fault: first.fault };
}
