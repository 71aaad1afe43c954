import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from './messages.ts';
import { chosenReason } from './reason-choice.ts';

interface ReasonFieldProps {
  readonly label: string;
  /** Newest given reasons first, then common ones. */
  readonly suggestions: readonly string[];
  /** Filled in and selected, so that typing replaces it. */
  readonly initial?: string | undefined;
  /** Gives access to the element. */
  readonly onField?: (field: HTMLTextAreaElement | null) => void;
  readonly rows?: number;
}

/** A reason with suggestions: arrow keys bring them into the field, Enter submits. */
export function ReasonField({ label, suggestions, initial = '', onField, rows = 1 }: ReasonFieldProps) {
  const [reason, setReason] = useState(initial);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    onField?.(field.current);
    if (initial) field.current?.select();
  }, []);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      return field.current?.form?.requestSubmit();
    }
    const chosen = chosenReason(suggestions, reason, event.key);
    if (chosen === undefined) return;
    event.preventDefault();
    setReason(chosen);
  };
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <textarea
          ref={field}
          name="reason"
          required
          rows={rows}
          maxLength={2000}
          autocomplete="off"
          value={reason}
          onInput={(typed) => setReason(typed.currentTarget.value)}
          onKeyDown={press}
        />
      </label>
      {suggestions.length > 0 && (
        <div class="row tight" role="group" aria-label={t.review.commonReasons}>
          {suggestions.map((usual) => (
            <button
              key={usual}
              type="button"
              class="small reason"
              onClick={() => {
                setReason(usual);
                field.current?.focus();
              }}
            >
              {usual}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
