import { useId, useState } from 'preact/hooks';
import { IMPORT_LIMITS } from '../../../protocol/import-limits.ts';
import { Problem } from '../../shared/field.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';
import type { ChosenFile } from './import-form.ts';

interface FileDropProps {
  readonly hint: string;
  /** File types that the dialog offers. */
  readonly accept: string;
  readonly busy: boolean;
  readonly onFile: (file: ChosenFile) => void;
}

const MIB = 1024 * 1024;

/** A file by dialog or by dropping it. */
export function FileDrop({ hint, accept, busy, onFile }: FileDropProps) {
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string>();
  const id = useId();
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    if (file.size > IMPORT_LIMITS.bytes) return setFault(t.imports.tooLarge(number(IMPORT_LIMITS.bytes / MIB)));
    try {
      const content = new Blob([await file.arrayBuffer()]);
      setFault(undefined);
      onFile({ name: file.name, content });
    } catch {
      setFault(t.imports.unreadable);
    }
  };
  return (
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <label class="field" for={id}>
        <span>{t.imports.file}</span>
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={busy}
        // Chosen again, the same file is read again.
        onClick={({ currentTarget }) => (currentTarget.value = '')}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
      />
      <small id={`${id}-hint`} class="muted">
        {hint}
      </small>
      <Problem>{fault}</Problem>
    </div>
  );
}
