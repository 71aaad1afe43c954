import { useEffect, useState } from 'preact/hooks';

/** Whether `/health` says that the server has this on; false until it is known, and unless it is `asked`. */
export function useSwitch(name: 'selfRegistration' | 'apiDocs', asked = true): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!asked) return;
    fetch('/health')
      .then((answer) => answer.json())
      .then((facts: Readonly<Record<string, unknown>>) => setOn(facts[name] === 'on'))
      .catch(() => {});
  }, [name, asked]);
  return on;
}
