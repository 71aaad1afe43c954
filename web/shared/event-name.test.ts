import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INCIDENTS, RESERVED, SIGNALS } from '../../protocol/event-types.ts';
import { eventTitle, toneOf } from './event-name.ts';

const MADE_UP = ['ALL_IS_WELL', 'PRQCTOR_OK', 'BREAK_SIGNED_BY_THE_DEAN', 'FULLSCREEN_EXITED', 'CONNECTION_FINE', 'X9'];

test("E8: an unknown signal's name is attributed to the browser in the displayed name", () => {
  for (const type of MADE_UP) {
    for (const source of ['client', undefined] as const)
      expect(eventTitle({ type, source }), type).toMatch(/^Reported by the student's browser: “.+”$/);
    expect(toneOf({ type, source: 'client', severity: 'high' })).toBe('own-words');
  }
  // Also a server's name, if an earlier client has stored one: spelt out, without the server's display name.
  expect(eventTitle({ type: 'NO_FACE', source: 'client' })).toBe("Reported by the student's browser: “No face”");
});

test('known events have their display name and the colour of their severity', () => {
  for (const type of SIGNALS) expect(eventTitle({ type, source: 'client' })).not.toContain('“');
  for (const type of [...RESERVED, ...SIGNALS]) expect(eventTitle({ type }), type).not.toContain('“');
  expect(eventTitle({ type: INCIDENTS[0], source: 'vision' })).toBe('No face detected');
  expect(toneOf({ type: 'TAB_SWITCH', source: 'client', severity: 'medium' })).toBe('medium');
});

test('pages show event types only through eventTitle, and colours only through toneOf', () => {
  const files = readdirSync('web', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.tsx') && !/^(docs|test|sdk)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const text = readFileSync(`web/${file}`, 'utf8');
    // As a child, in a template, or as a class; `key={type}` and `value={type}` show nothing.
    expect(
      text.match(
        /(?<![=\w($])\{\s*(\w+\.)*(type|event_type)\s*\}|(?<!key=\{`\$\{source\} )\$\{(\w+\.)*type\}|\b\w+\.type\.(toLowerCase|replace)|class=\{[^}]*\.severity/g,
      ),
      file,
    ).toBeNull();
  }
});
