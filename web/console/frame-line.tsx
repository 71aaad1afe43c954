import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { AnalysisMinute, AnalysisPage } from '../../protocol/http/analysis.ts';
import type { Api } from '../shared/api.ts';
import { type FrameTally, tallyFrames, tallyWords } from './frame-tally.ts';

/** As fresh as the server keeps it, ms. */
const EVERY_MS = 15_000;
const LATELY_MS = 3 * 60_000;

interface FrameLineProps {
  readonly api: Api;
  readonly id: string;
  /** Over the whole session, once; otherwise over the last minutes, again and again. */
  readonly whole?: boolean;
}

/** What the server received and looked at, as it counts itself. */
export function FrameLine({ api, id, whole = false }: FrameLineProps) {
  const [tally, setTally] = useState<FrameTally>();
  useEffect(() => {
    const read = () =>
      readMinutes(api, id, whole ? undefined : new Date(Date.now() - LATELY_MS).toISOString())
        .then((minutes) => setTally(tallyFrames(minutes)))
        // The next reading will tell; what stands there is as it was.
        .catch(() => {});
    void read();
    if (whole) return;
    const timer = setInterval(read, EVERY_MS);
    return () => clearInterval(timer);
  }, [api, id, whole]);
  if (!tally) return null;
  return (
    <p class="small muted">
      {whole ? '' : 'Server, lately: '}
      {/* The server stores its counts now and then: of a session that has just begun there are none, though its pictures come. */}
      {!whole && tally.minutes === 0 ? 'nothing counted yet.' : tallyWords(tally)}
      {whole && tally.models.length > 0 && ` Models: ${tally.models.join(', ')}.`}
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
