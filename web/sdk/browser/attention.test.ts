import { describe, expect, test } from 'vitest';
import { Attention } from './attention.ts';

type Step =
  | readonly [at: number, state: 'here' | 'blurred' | 'hidden' | 'bars']
  | readonly [at: number, act: 'opens' | 'closes', dialog: Parameters<Attention['opens']>[0]];

const LOOKS = {
  here: { visible: true, focused: true },
  blurred: { visible: true, focused: false },
  hidden: { visible: false, focused: false },
  /** The browser tells that its window is in front: something of its own has the focus. */
  bars: { visible: true, focused: false, windowActive: true },
};

/** Plays steps (s), with a look every 250 ms as in the browser, up to the last one. @returns reports with their time, s */
function play(...steps: readonly Step[]): string[] {
  const reports: string[] = [];
  let now = 0;
  const attention = new Attention((type, data) =>
    reports.push([`${now / 1000}`, type, ...(data ? [JSON.stringify(data)] : [])].join(' ')),
  );
  const waiting = [...steps];
  let state: keyof typeof LOOKS = 'here';
  const end = waiting.at(-1)![0] * 1000;
  for (now = 0; now <= end; now += 250) {
    while (waiting[0] && waiting[0][0] * 1000 <= now) {
      const step = waiting.shift()!;
      if (step[1] === 'opens' || step[1] === 'closes') attention[step[1]](step[2], now);
      else state = step[1];
    }
    attention.look(LOOKS[state], now);
  }
  return reports;
}

const back = (at: number, after: string, seconds: number) =>
  `${at} RETURNED_TO_EXAM ${JSON.stringify({ after, durationMs: seconds * 1000 })}`;

describe('absences', () => {
  test('a hidden page is reported at once, and how long it lasted on return', () => {
    expect(play([0, 'here'], [10, 'hidden'], [40, 'here'])).toEqual(['10 TAB_SWITCH', back(40, 'TAB_SWITCH', 30)]);
  });

  test('a blur is reported after a second, and how long it lasted on return', () => {
    expect(play([0, 'here'], [10, 'blurred'], [25, 'here'])).toEqual(['11 WINDOW_BLUR', back(25, 'WINDOW_BLUR', 15)]);
  });

  test('a blur that does not return is reported once', () => {
    expect(play([0, 'here'], [10, 'blurred'], [300, 'blurred'])).toEqual(['11 WINDOW_BLUR']);
  });

  test('a blur shorter than a second is not reported', () => {
    expect(play([0, 'here'], [10, 'blurred'], [10.75, 'here'], [11, 'blurred'], [11.75, 'here'], [20, 'here'])).toEqual(
      [],
    );
  });

  test('a tab switch or minimising, which blurs before it hides, is one absence', () => {
    expect(play([0, 'here'], [10, 'blurred'], [10.5, 'hidden'], [20, 'blurred'], [20.5, 'here'])).toEqual([
      '10.5 TAB_SWITCH',
      back(20, 'TAB_SWITCH', 9.5),
    ]);
  });

  test('a tab that is shown again in a window without focus is a blur from then on', () => {
    expect(play([0, 'here'], [10, 'hidden'], [20, 'blurred'], [30, 'here'])).toEqual([
      '10 TAB_SWITCH',
      back(20, 'TAB_SWITCH', 10),
      '21 WINDOW_BLUR',
      back(30, 'WINDOW_BLUR', 10),
    ]);
  });

  test('a window without focus that is then minimised is both', () => {
    expect(play([0, 'here'], [10, 'blurred'], [15, 'hidden'], [20, 'here'])).toEqual([
      '11 WINDOW_BLUR',
      '15 TAB_SWITCH',
      back(20, 'TAB_SWITCH', 5),
      back(20, 'WINDOW_BLUR', 10),
    ]);
  });

  test('a page hidden from its first moment is reported as such', () => {
    expect(play([0, 'hidden'], [5, 'here'])).toEqual(['0 TAB_SWITCH {"fromStart":true}', back(5, 'TAB_SWITCH', 5)]);
  });

  test('a page that never had the focus has not lost it', () => {
    expect(play([0, 'blurred'], [5, 'here'], [10, 'here'])).toEqual([]);
  });
});

describe('dialogs of the browser', () => {
  test.for(['file_picker', 'print', 'find', 'address_bar'] as const)('%s: no blur while it is open', (dialog) => {
    expect(
      play([0, 'here'], [10, 'opens', dialog], [10.5, 'blurred'], [35, 'closes', dialog], [35.5, 'here'], [50, 'here']),
    ).toEqual([]);
  });

  test('a picker that closes without giving the focus back is a blur a second later', () => {
    expect(
      play([0, 'here'], [10, 'opens', 'file_picker'], [10.5, 'blurred'], [20, 'closes', 'file_picker'], [30, 'here']),
    ).toEqual(['21 WINDOW_BLUR {"after":"file_picker"}', back(30, 'WINDOW_BLUR', 19.5)]);
  });

  test.for([
    ['file_picker', 131],
    ['print', 131],
    ['find', 41],
    ['address_bar', 41],
  ] as const)('%s explains a blur for a limited time, until %d s', ([dialog, at]) => {
    expect(play([0, 'here'], [10, 'opens', dialog], [10.5, 'blurred'], [200, 'blurred'])).toEqual([
      `${at} WINDOW_BLUR {"after":"${dialog}"}`,
    ]);
  });

  test('an excuse is good for one absence', () => {
    expect(
      play([0, 'here'], [10, 'opens', 'find'], [10.5, 'blurred'], [12, 'here'], [13, 'blurred'], [20, 'blurred']),
    ).toEqual(['14 WINDOW_BLUR']);
  });

  test('a dialog that did not open explains no later blur', () => {
    expect(play([0, 'here'], [10, 'opens', 'file_picker'], [15, 'blurred'], [20, 'blurred'])).toEqual([
      '16 WINDOW_BLUR',
    ]);
  });

  test('a file picker or print dialog that covers the page, which hides it, is no absence while it is open', () => {
    for (const dialog of ['file_picker', 'print'] as const)
      expect(
        play(
          [0, 'here'],
          [10, 'opens', dialog],
          [10.5, 'hidden'],
          [50, 'closes', dialog],
          [50.5, 'here'],
          [60, 'here'],
        ),
      ).toEqual([]);
  });

  test('a page that stays hidden after the picker has closed, or for more than 2 min, is a tab switch', () => {
    expect(
      play([0, 'here'], [10, 'opens', 'file_picker'], [10.5, 'hidden'], [20, 'closes', 'file_picker'], [30, 'here']),
    ).toEqual(['21 TAB_SWITCH {"after":"file_picker"}', back(30, 'TAB_SWITCH', 19.5)]);
    expect(play([0, 'here'], [10, 'opens', 'file_picker'], [10.5, 'hidden'], [140, 'hidden'])).toEqual([
      '131 TAB_SWITCH {"after":"file_picker"}',
    ]);
  });

  test('the find bar and the address bar cover nothing: a hidden page is a tab switch', () => {
    for (const dialog of ['find', 'address_bar'] as const)
      expect(play([0, 'here'], [10, 'opens', dialog], [10.5, 'blurred'], [12, 'hidden'], [13, 'hidden'])).toEqual([
        '12 TAB_SWITCH',
      ]);
  });

  test('the picker of a window that had already lost the focus explains it from then on', () => {
    expect(play([0, 'here'], [10, 'blurred'], [10.5, 'opens', 'file_picker'], [30, 'here'], [40, 'here'])).toEqual([]);
  });
});

describe('dialogs that overlap, and a page that stands still', () => {
  test('a question for the camera that ends does not end the explanation of a file picker', () => {
    expect(
      play(
        [0, 'here'],
        [10, 'opens', 'file_picker'],
        [10.25, 'blurred'],
        [20, 'opens', 'permission'],
        [20.25, 'closes', 'permission'],
        [60, 'closes', 'file_picker'],
        [60.25, 'here'],
        [90, 'here'],
      ),
    ).toEqual([]);
  });

  test('a blur names the dialog that explained its beginning, and none that was over before', () => {
    expect(
      play([0, 'here'], [9, 'opens', 'permission'], [9.25, 'closes', 'permission'], [11, 'blurred'], [20, 'blurred']),
    ).toEqual(['12 WINDOW_BLUR']);
  });

  test('the time in which an alert or a sleep stopped the page is no blur', () => {
    const reports: string[] = [];
    const attention = new Attention((type) => reports.push(type));
    attention.look(LOOKS.here, 0);
    attention.look(LOOKS.blurred, 250);
    // The dialog is closed; the page runs before it has its focus back.
    attention.look(LOOKS.blurred, 30_000);
    attention.look(LOOKS.here, 30_250);
    expect(reports).toEqual([]);
    attention.look(LOOKS.blurred, 31_000);
    attention.look(LOOKS.blurred, 32_000);
    expect(reports).toEqual(['WINDOW_BLUR']);
  });
});

describe('bars and menus of a browser that tells whether its window is in front', () => {
  test('they are no blur for 30 s, however they were opened', () => {
    expect(play([0, 'here'], [10, 'bars'], [39.5, 'here'], [50, 'bars'], [60, 'here'], [70, 'here'])).toEqual([]);
  });

  test('another window after them is a blur a second later', () => {
    expect(play([0, 'here'], [10, 'bars'], [20, 'blurred'], [30, 'here'])).toEqual([
      '20.75 WINDOW_BLUR',
      back(30, 'WINDOW_BLUR', 20),
    ]);
  });

  test('a side panel, or another page beside this one, is a blur after 30 s', () => {
    expect(play([0, 'here'], [10, 'bars'], [60, 'here'])).toEqual([
      '41 WINDOW_BLUR {"after":"browser"}',
      back(60, 'WINDOW_BLUR', 50),
    ]);
  });

  test('going back and forth between them and another window does not start the time again', () => {
    expect(play([0, 'here'], [10, 'bars'], [39, 'blurred'], [39.5, 'bars'], [60, 'bars'])).toEqual([
      '41 WINDOW_BLUR {"after":"browser"}',
    ]);
  });
});
