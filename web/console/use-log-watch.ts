import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { LogWatch, type LogView } from './log-watch.ts';

/** Verification of the audit log while a user is logged in. */
export function useLogWatch(api: Api): LogWatch {
  const watch = useMemo(() => new LogWatch(api), [api]);
  useEffect(() => watch.start(), [watch]);
  return watch;
}

export function useLogView(watch: LogWatch): LogView {
  const [view, setView] = useState(watch.view);
  useEffect(() => {
    setView(watch.view);
    return watch.onView(setView);
  }, [watch]);
  return view;
}
