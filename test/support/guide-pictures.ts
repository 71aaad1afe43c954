import type { Page } from 'playwright-core';
import { createScene } from '../../simulator/draw/scene.ts';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { signal } from './attempt.ts';
import type { Api } from './api.ts';
import { greet, type RawSocket } from './raw-socket.ts';
import type { TestServer } from './server.ts';
import { waitFor } from './server.ts';

/** A student of the guides' exam. */
export interface DrawnStudent {
  readonly name: string;
  readonly seed: number;
  readonly room: string;
  readonly clip?: ClipName;
  /** Ends before the pictures are taken. */
  readonly ended?: boolean;
}

/** A drawn person who sits the exam, at two frames a second. */
export interface DrawnSitting {
  readonly session: Session;
  sent(): number;
  stop(): void;
}

/** The drawn person of a clip enters after these frames. */
const ENTERS = 40;

export async function sitDrawn(site: TestServer, exam: Exam, drawn: DrawnStudent): Promise<DrawnSitting> {
  // Drawing takes seconds, in which this process answers nothing.
  const shown = clips(createScene(drawn.seed));
  const student: Api = await site.student(drawn.name);
  await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room: drawn.room });
  const session = await student.startSession(exam.id);
  const socket: RawSocket = await greet(site.url, await student.examTicket(session.id));
  let sent = 0;
  const timer = setInterval(() => {
    const pictures = shown[drawn.clip && sent >= ENTERS ? drawn.clip : 'attentive'];
    sent += 1;
    socket.sendFrame(sent, pictures[sent % pictures.length]!);
    if (drawn.clip && sent === 12) socket.send(signal(1, 'TAB_SWITCH'));
  }, 500);
  return {
    session,
    sent: () => sent,
    stop: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** Until every canvas of the page shows a picture: none has a single colour. */
export const painted = (page: Page, canvases: number): Promise<void> =>
  waitFor('pictures', () =>
    page.evaluate(
      `(() => {
        const all = [...document.querySelectorAll('canvas')];
        return all.length >= ${canvases} && all.every((canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value, index) => value !== data[index % 4]);
        });
      })()`,
    ),
  );
