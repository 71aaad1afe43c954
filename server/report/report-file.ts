import { ProtocolError } from '../../protocol/errors.ts';
import type { ProofParts } from '../audit/proofs.ts';
import type { EvidenceReader } from '../evidence/evidence-reader.ts';
import { writePdf } from './pdf-thread.ts';
import { type ReportData, readReport, type ReportPictures } from './read-report.ts';
import { reportPages } from './report-blocks.ts';

/** Pictures in one file, at most: 30 KB each. */
const MOST_PICTURES = 150;

export interface ReportParts extends ProofParts {
  readonly evidenceReader: Pick<EvidenceReader, 'show'>;
}

/**
 * The report of a session as PDF. Each of its pictures is a view, which is recorded.
 * @throws ProtocolError `not_found`
 */
export async function reportFile(
  parts: ReportParts,
  session: string,
  who: { readonly userId: string },
  { pictures, at, left }: { readonly pictures: boolean; readonly at: Date; readonly left: AbortSignal },
): Promise<Uint8Array> {
  const data = await readReport(parts, session);
  const read = pictures ? await picturesOf(parts, data, who, left) : { shown: new Map(), missing: undefined };
  return writePdf(reportPages(data, read.shown, { at, missing: read.missing }), left);
}

async function picturesOf(
  { evidenceReader }: ReportParts,
  { evidence }: ReportData,
  who: { readonly userId: string },
  left: AbortSignal,
): Promise<{ shown: ReportPictures; missing: string | undefined }> {
  const shown = new Map<string, { row: (typeof evidence)[number]; jpeg: Uint8Array }[]>();
  let unreadable = 0;
  for (const row of evidence.slice(0, MOST_PICTURES)) {
    left.throwIfAborted();
    try {
      const jpeg = await evidenceReader.show(row.id, who);
      shown.set(row.event_id, [...(shown.get(row.event_id) ?? []), { row, jpeg }]);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      unreadable++;
    }
  }
  const omitted = Math.max(0, evidence.length - MOST_PICTURES);
  const missing = [
    ...(omitted > 0 ? [`${omitted} further pictures are not included.`] : []),
    ...(unreadable > 0 ? [`${unreadable} pictures cannot be read.`] : []),
  ];
  return { shown, missing: missing.length > 0 ? missing.join(' ') : undefined };
}
