import { useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { type BulkAct, BulkDialog, type BulkTarget } from './bulk-dialog.tsx';
import { isFiltering, type Filter } from './filters.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { shownName } from './shown-name.ts';
import { usePulse } from './use-store.ts';
import type { Selected } from './use-selected.ts';
import type { WallStore } from './wall-store.ts';

interface BulkBarProps {
  readonly api: Api;
  readonly store: WallStore;
  readonly selected: Selected;
  /** Running sessions under the filter, on all pages, in their order. */
  readonly running: readonly string[];
  readonly filter: Filter;
  readonly prefs: Prefs;
  /** Undefined: the wall of all exams. */
  readonly exam: string | undefined;
  readonly titleOf: (exam: string) => string;
}

interface Asked {
  readonly act: BulkAct;
  readonly target: BulkTarget;
  readonly reason?: string;
}

/** Selects sessions, and gives commands to the selected ones or to everybody. */
export function BulkBar({ api, store, selected, running, filter, prefs, exam, titleOf }: BulkBarProps) {
  const [asked, setAsked] = useState<Asked>();
  const of = usePulse(store, ({ sessions }) =>
    [...sessions.values()].map(({ id, status, examId, room }) => ({ id, status, examId, room })),
  );
  const alive = of.filter(({ status }) => status !== 'ended');
  const chosen = alive.filter(({ id }) => selected.ids.has(id));
  const isPaused = ({ status }: (typeof of)[number]) => status === 'paused';
  const inRoom = alive.filter(({ room }) => !filter.room || room === filter.room);
  /** Everybody of the exam or of the room; of all exams, those on this wall. */
  const everybody = (these: typeof alive): BulkTarget =>
    exam === undefined
      ? { sessions: these.map(({ id }) => id), count: these.length }
      : { exam, ...(filter.room && { room: filter.room }), count: these.length };
  const examsOf = ({ sessions, exam: whole }: BulkTarget) => {
    if (whole !== undefined) return titleOf(whole);
    const concerned = new Set(of.filter(({ id }) => sessions?.includes(id)).map(({ examId }) => examId));
    return [...concerned].map(titleOf).join(', ');
  };
  const act = (name: BulkAct, these = chosen) =>
    these.length > 0 && (
      <button
        class={name === 'terminate' ? 'small danger' : 'small'}
        aria-haspopup="dialog"
        onClick={() => setAsked({ act: name, target: { sessions: these.map(({ id }) => id), count: these.length } })}
      >
        {t.bulk.acts[name]}
      </button>
    );
  return (
    <>
      <div class="row tight">
        {running.length > 0 && (
          <button class="small" title={t.bulk.selectHint} onClick={() => selected.add(running)}>
            {isFiltering(filter) ? t.bulk.selectMatching(running.length) : t.bulk.selectAll(running.length)}
          </button>
        )}
        {inRoom.some((one) => !isPaused(one)) && (
          <button
            class="small danger"
            aria-haspopup="dialog"
            onClick={() =>
              setAsked({
                act: 'pause',
                target: everybody(inRoom.filter((one) => !isPaused(one))),
                reason: t.bulk.alarmReason,
              })
            }
          >
            {filter.room ? t.bulk.everybodyIn(filter.room) : t.bulk.everybody}
          </button>
        )}
        {inRoom.some(isPaused) && (
          <button
            class="small"
            aria-haspopup="dialog"
            onClick={() => setAsked({ act: 'resume', target: everybody(inRoom.filter(isPaused)) })}
          >
            {t.bulk.resumeEverybody}
          </button>
        )}
      </div>
      {chosen.length > 0 && (
        <div class="card row tight bulk-chosen" role="group" aria-label={t.bulk.bar}>
          <strong class="small" role="status">
            {t.bulk.selected(chosen.length)}
          </strong>
          {act('message')}
          {act(
            'pause',
            chosen.filter((one) => !isPaused(one)),
          )}
          {act('resume', chosen.filter(isPaused))}
          {act('extend')}
          {act('terminate')}
          <button class="small" onClick={selected.clear}>
            {t.bulk.clear}
          </button>
        </div>
      )}
      {asked && (
        <BulkDialog
          api={api}
          act={asked.act}
          target={asked.target}
          reason={asked.reason}
          exams={examsOf(asked.target)}
          nameOf={(id) => {
            const session = store.sessions.get(id);
            return session && shownName(session, prefs.names);
          }}
          onClose={(done) => {
            setAsked(undefined);
            if (done.length > 0) selected.clear();
          }}
        />
      )}
    </>
  );
}
