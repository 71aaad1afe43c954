import { useEffect, useRef, useState } from 'preact/hooks';
import { CHECK_IN_POLL_SECONDS, type CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import type { MyCheckIn, MyCheckInState } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { ApiError, messageOf } from '../../shared/api-error.ts';

const LOOK_MS = CHECK_IN_POLL_SECONDS * 1000;
/** While the student takes pictures, or can do nothing, there is less to be told. */
const SELDOM_MS = 15_000;
/** Not all students of an exam at once. */
const SPREAD_MS = 1000;

export interface CheckInInUse {
  /** The newest that was read. */
  readonly mine: MyCheckIn | undefined;
  /** Of the last act, or of the first look; undefined after one that succeeded. */
  readonly problem: string | undefined;
  /** The last look failed: what is shown may be old. */
  readonly isStale: boolean;
  readonly busy: boolean;
  readonly reload: () => void;
  readonly open: () => void;
  readonly submit: (incomplete: boolean) => void;
  /** From the waiting room back to the pictures. */
  readonly leave: () => void;
  readonly withdraw: () => void;
  /** Rejects with the error of the request. */
  /** Runs the start of the exam, which uses the admission: what is read meanwhile is not shown. */
  readonly starting: (start: () => Promise<string>) => Promise<string>;
  /** The student withdrew it on this page. */
  readonly withdrew: boolean;
  readonly send: (kind: CheckInPictureKind, jpeg: Blob) => Promise<void>;
  readonly remove: (kind: CheckInPictureKind) => Promise<void>;
}

/** The student's check-in at an exam, read again as long as the page is open. */
export function useCheckIn(api: Api, examId: string): CheckInInUse {
  const [mine, setMine] = useState<MyCheckIn>();
  const [refused, setRefused] = useState<string>();
  const [unread, setUnread] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** Acts begun and ended: an answer to a look that ran beside one may be older than what the act answered. */
  const acts = useRef(0);
  /** Looks begun: only the answer to the newest one is shown. */
  const looks = useRef(0);
  const isStarting = useRef(false);
  const [withdrew, setWithdrew] = useState(false);
  const path = `/api/exams/${examId}/check-in`;

  const look = async () => {
    const turn = ++looks.current;
    const before = acts.current;
    const isLate = () => turn !== looks.current || before !== acts.current || isStarting.current;
    try {
      const answer = await readAnew(api, path, mine);
      if (isLate()) return;
      setMine(answer);
      setUnread(undefined);
    } catch (error) {
      if (!isLate()) setUnread(messageOf(error));
    }
  };
  const request = async (work: () => Promise<MyCheckIn>) => {
    acts.current++;
    try {
      setMine(await work());
      setUnread(undefined);
      setRefused(undefined);
    } catch (error) {
      // Another tab, or staff, went on: what is there now says more than the error.
      if (error instanceof ApiError && ['check_in_state', 'not_found'].includes(error.code))
        await api.get<MyCheckIn>(path).then(setMine, () => {});
      throw error;
    } finally {
      acts.current++;
    }
  };
  const act = (work: () => Promise<MyCheckIn>) => {
    if (busy) return;
    setBusy(true);
    setRefused(undefined);
    request(work)
      .catch((error: unknown) => setRefused(messageOf(error)))
      .finally(() => setBusy(false));
  };

  const latest = useRef(look);
  latest.current = look;
  const state = mine?.checkIn?.state;
  const isSeldom = state === undefined || state === 'collecting';
  useEffect(() => {
    const again = () => document.visibilityState === 'visible' && void latest.current();
    void latest.current();
    document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    return () => {
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
    };
  }, [api, examId]);
  useEffect(() => {
    const timer = setInterval(
      () => void latest.current(),
      (isSeldom ? SELDOM_MS : LOOK_MS) + Math.random() * SPREAD_MS,
    );
    return () => clearInterval(timer);
  }, [api, examId, isSeldom]);

  return {
    mine,
    // Without anything to show, the reason is all there is.
    problem: refused ?? (mine ? undefined : unread),
    isStale: mine !== undefined && unread !== undefined,
    busy,
    reload: () => void look(),
    open: () => act(() => api.post<MyCheckIn>(path)),
    starting: async (start) => {
      isStarting.current = true;
      try {
        return await start();
      } catch (error) {
        isStarting.current = false;
        throw error;
      }
    },
    withdrew,
    submit: (incomplete) => act(() => api.post<MyCheckIn>(`${path}/submit`, { incomplete })),
    leave: () => act(() => api.post<MyCheckIn>(`${path}/leave`)),
    withdraw: () =>
      act(async () => {
        const answer = await api.delete<MyCheckIn>(path);
        setWithdrew(true);
        return answer;
      }),
    send: (kind, jpeg) => {
      const form = new FormData();
      form.set('file', jpeg, `${kind}.jpg`);
      return request(() => api.upload<MyCheckIn>(`${path}/pictures?kind=${kind}`, form));
    },
    remove: (kind) => request(() => api.delete<MyCheckIn>(`${path}/pictures?kind=${kind}`)),
  };
}

/** As much as has to be read: while nothing has changed, state and place are enough. */
async function readAnew(api: Api, path: string, shown: MyCheckIn | undefined): Promise<MyCheckIn> {
  const open = shown?.checkIn;
  // Whether the exam can be begun, or a check-in be opened, depends on the time.
  if (!open || open.state === 'admitted') return api.get<MyCheckIn>(path);
  const { id, revision, place } = await api.get<MyCheckInState>(`${path}/state`);
  if (id !== open.id || revision !== open.revision) return api.get<MyCheckIn>(path);
  return place === open.place ? shown : { ...shown, checkIn: { ...open, place } };
}
