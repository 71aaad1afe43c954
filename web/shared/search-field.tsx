import { useEffect, useRef, useState } from 'preact/hooks';
import { Labelled } from './field.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
  /** Called once typing pauses. */
  readonly onSearch: (text: string) => void;
}

const PAUSE_MS = 250;

/** A field that searches while somebody types. */
export function SearchField({ label, value, hint, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  // The filter beside it may change before the pause is over.
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => {
    // Changed by the back button or a link, not by this field.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (typed: string) => {
    sent.current = typed.trim();
    latest.current(sent.current);
  };
  return (
    <Labelled label={label} hint={hint}>
      {(names) => (
        <input
          {...names}
          type="search"
          autocomplete="off"
          maxLength={200}
          value={text}
          onInput={({ currentTarget }) => {
            const typed = currentTarget.value;
            setText(typed);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => search(typed), PAUSE_MS);
          }}
        />
      )}
    </Labelled>
  );
}
