import { useEffect, useState } from 'preact/hooks';
import { at } from './base-path.ts';

/** Whether `/health` reports a feature as on; false until known. Without `asked`, no request is sent. */
export function useSwitch(name: 'selfRegistration' | 'apiDocs', asked = true): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!asked) return;
    fetch(at('/health'))
      .then((answer) => answer.json())
      .then((facts: Readonly<Record<string, unknown>>) => setOn(facts[name] === 'on'))
      .catch(() => {});
  }, [name, asked]);
  return on;
}
