import { realpathSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { type PrivateFolder, securePrivateFolder, tightenFiles } from './private-folder.ts';

/**
 * The folders of a server, before anything in them is read: made, or tightened, or refused. Pictures are looked at
 * afterwards: there may be many, and their folder is shut by then.
 * @throws ConfigError
 */
export async function secureFolders(
  { dataDir, evidenceDir, auditDir }: Pick<Config, 'dataDir' | 'evidenceDir' | 'auditDir'>,
  log: Logger,
): Promise<void> {
  const data: PrivateFolder = { setting: 'DATA_DIR', path: dataDir };
  const evidence: PrivateFolder = { setting: 'EVIDENCE_DIR', path: evidenceDir };
  // A copy of the checkpoints is what auditors want: letting a group read them is a use, not a slip.
  const audit: PrivateFolder = { setting: 'AUDIT_DIR', path: auditDir, groupMayRead: true };
  const opened = [data, evidence, audit].filter(securePrivateFolder);
  for (const { setting, path } of opened)
    log.warn(
      { folder: path },
      `${setting} could be entered by others: it is its owner's only now. What was in it may have been read or changed`,
    );
  const apart = [realpathSync(evidenceDir), realpathSync(auditDir)];
  await sweep(data, apart, log);
  await sweep(audit, [], log);
  // Its files were always made private, and there may be very many.
  if (opened.includes(evidence)) void sweep(evidence, [], log);
}

async function sweep(folder: PrivateFolder, except: readonly string[], log: Logger): Promise<void> {
  const { changed, failed } = await tightenFiles(folder, except);
  if (changed > 0)
    log.warn(
      { folder: folder.path, changed },
      "files and folders were open to others: they are their owner's only now",
    );
  if (failed)
    log.warn(
      { err: failed, folder: folder.path },
      'modes of some files could not be changed; nobody else can enter the folder that they are in',
    );
}
