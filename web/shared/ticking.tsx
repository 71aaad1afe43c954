import { useEffect, useReducer, useRef } from 'preact/hooks';

const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls the listener every second, with one timer for all. @returns removes the listener */
export function onTick(listener: (now: number) => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    const now = Date.now();
    for (const each of listeners) each(now);
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

interface TickingProps {
  /** The text at a time, ms. */
  readonly text: (now: number) => string;
}

/** Text that depends on the time. Renders only itself, and only when the text changes. */
export function Ticking({ text }: TickingProps) {
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  const latest = useRef(text);
  latest.current = text;
  const shown = text(Date.now());
  const last = useRef(shown);
  last.current = shown;
  useEffect(() => onTick((now) => latest.current(now) !== last.current && redraw()), []);
  return <>{shown}</>;
}
