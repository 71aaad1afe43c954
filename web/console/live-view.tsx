import { useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Analysis } from '../../protocol/down.ts';
import type { ConsoleClient } from './console-client.ts';
import { t } from './messages.ts';
import { NetworkLine } from './network-line.tsx';
import { type Arrow, analysisText, overlayOf } from './overlay.ts';
import { Picture } from './picture.tsx';
import { hrefOf } from './route.ts';

/** The usual rate of exam policies. */
const FPS = 4;

interface LiveViewProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
  readonly analysis: Analysis | undefined;
}

/** Live image with the analysis as an overlay. */
export function LiveView({ client, session, analysis }: LiveViewProps) {
  const [size, setSize] = useState({ width: 4, height: 3 });
  const [drawn, setDrawn] = useState(true);
  if (session.status === 'ended') {
    return (
      <p>
        {t.session.over} <a href={hrefOf({ page: 'review', session: session.id })}>{t.session.review}</a>
      </p>
    );
  }
  const live = session.connected;
  const overlay = analysis && live && drawn ? overlayOf(analysis) : undefined;
  const { width, height } = size;
  const line = ({ x1, y1, x2, y2 }: Arrow, kind: string) => (
    <>
      <line class={`under ${kind}`} x1={x1 * width} y1={y1 * height} x2={x2 * width} y2={y2 * height} />
      <line class={kind} x1={x1 * width} y1={y1 * height} x2={x2 * width} y2={y2 * height} />
    </>
  );
  return (
    <div class="stack tight">
      <div class="live">
        <Picture
          client={client}
          session={session.id}
          active={live}
          fps={FPS}
          none={session.connected ? t.wall.waitingForImage : t.wall.notConnected}
          onDrawn={(w, h) => (w !== width || h !== height) && setSize({ width: w, height: h })}
        />
        {overlay && (
          <svg class="overlay" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
            <rect
              class="under"
              x={overlay.box.x * width}
              y={overlay.box.y * height}
              width={overlay.box.w * width}
              height={overlay.box.h * height}
            />
            <rect
              x={overlay.box.x * width}
              y={overlay.box.y * height}
              width={overlay.box.w * width}
              height={overlay.box.h * height}
            />
            {overlay.head && line(overlay.head, 'head')}
            {overlay.gaze && line(overlay.gaze, 'gaze')}
          </svg>
        )}
      </div>
      <div class="row between tight">
        <span class="small">
          {live ? (analysis ? analysisText(analysis) : t.session.noAnalysis) : t.session.notAnalysed}
        </span>
        <label class="check">
          <input type="checkbox" checked={drawn} onChange={(event) => setDrawn(event.currentTarget.checked)} />
          <span class="small">{t.session.overlay}</span>
        </label>
      </div>
      <NetworkLine client={client} session={session.id} live={live} />
    </div>
  );
}
