import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { AnalysisMinute, AnalysisPage } from '../../protocol/http/analysis.ts';
import type { Api } from '../shared/api.ts';
import { type FrameTally, tallyFrames, tallyText } from './frame-tally.ts';
import { t } from './messages.ts';

/** The server updates its counts this often, ms. */
const EVERY_MS = 15_000;
const RECENT_MS = 3 * 60_000;

interface FrameLineProps {
  readonly api: Api;
  readonly id: string;
  /** The whole session, read once; otherwise the last minutes, updated. */
  readonly whole?: boolean;
}

/** Images received and analysed, by the server's own counts. */
export function FrameLine({ api, id, whole = false }: FrameLineProps) {
  const [tally, setTally] = useState<FrameTally>();
  useEffect(() => {
    const read = () =>
      readMinutes(api, id, whole ? undefined : new Date(Date.now() - RECENT_MS).toISOString())
        .then((minutes) => setTally(tallyFrames(minutes)))
        // Keeps the last counts until the next read.
        .catch(() => {});
    void read();
    if (whole) return;
    const timer = setInterval(read, EVERY_MS);
    return () => clearInterval(timer);
  }, [api, id, whole]);
  if (!tally) return null;
  return (
    <p class="small muted">
      {!whole && `${t.session.framesRecent} `}
      {/* Counts are stored with a delay: a session that has just started has none, although its images arrive. */}
      {!whole && tally.minutes === 0 ? t.session.framesNotCounted : tallyText(tally)}
      {whole && tally.models.length > 0 && ` ${t.session.models(tally.models.join(', '))}`}
    </p>
  );
}

async function readMinutes(api: Api, id: string, after: string | undefined): Promise<AnalysisMinute[]> {
  const minutes: AnalysisMinute[] = [];
  for (let cursor: string | null | undefined = after; cursor !== null;) {
    const page: z.infer<typeof AnalysisPage> = await api.get(
      `/api/proctoring/attempt/${id}/ai-analysis?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    minutes.push(...page.items);
    cursor = page.nextCursor;
  }
  return minutes;
}
