import { EndReason } from '../../protocol/down.ts';
import type { Api } from '../shared/api.ts';
import type { MyAttempt } from './record-parts.tsx';

/** Reason of an end of which the page was not told; `ended` if it cannot be read. */
export const readEndReason = (api: Api, sessionId: string): Promise<EndReason> =>
  api.get<MyAttempt>(`/api/proctoring/my-attempt/${sessionId}`).then(
    ({ session }) => EndReason.safeParse(session.endReason).data ?? 'ended',
    () => 'ended' as const,
  );
