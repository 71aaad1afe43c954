import { useEffect, useRef } from 'preact/hooks';
import { Labelled } from '../field.tsx';
import { offsetName, timeInZone } from '../zone-format.ts';
import { zoned } from '../messages/zoned.ts';
import { readZoned, type ZonedValue } from './zoned-value.ts';

interface ZonedFieldProps {
  readonly label: string;
  readonly zone: string;
  readonly value: ZonedValue;
  readonly onChange: (value: ZonedValue) => void;
}

/** Day and time by the clock of a zone; tells what the clock makes of them where it changes. */
export function ZonedField({ label, zone, value, onChange }: ZonedFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const reading = readZoned(value, zone);
  const hint = 'at' in reading ? timeInZone(reading.at, zone) : zoned.noTime;
  const fault = reading.kind === 'missing' ? zoned.skipped(zone) : '';
  useEffect(() => input.current?.setCustomValidity(fault), [fault]);
  return (
    <div class="stack tight">
      <Labelled label={label} hint={hint}>
        {(names) => (
          <input
            {...names}
            ref={input}
            type="datetime-local"
            min="1970-01-02T00:00"
            max="2999-12-30T00:00"
            aria-invalid={fault !== ''}
            value={value.local}
            onInput={({ currentTarget }) => onChange({ local: currentTarget.value.slice(0, 16), second: false })}
          />
        )}
      </Labelled>
      {fault && (
        <p class="note bad small" role="alert">
          {fault}
        </p>
      )}
      {reading.kind === 'twice' && (
        <Labelled label={zoned.twice(label)} hint={zoned.twiceHint}>
          {(names) => (
            <select
              {...names}
              value={value.second ? 'second' : 'first'}
              onChange={({ currentTarget }) => onChange({ ...value, second: currentTarget.value === 'second' })}
            >
              <option value="first">{zoned.first(offsetName(reading.instants[0], zone))}</option>
              <option value="second">{zoned.second(offsetName(reading.instants[1], zone))}</option>
            </select>
          )}
        </Labelled>
      )}
    </div>
  );
}
