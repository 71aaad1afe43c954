import { useEffect, useReducer, useRef } from 'preact/hooks';

const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all that tells the time. @returns takes the listener off again */
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
  /** What it says at a time, ms. */
  readonly text: (now: number) => string;
}

/** Words that follow the time. Drawn again only when they are others, and nothing around them is. */
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
