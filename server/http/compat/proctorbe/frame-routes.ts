import { z } from 'zod';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { Id } from '../../../../protocol/events.ts';
import { FramePart } from '../../../../protocol/http/frames.ts';
import { checkOwnSession } from '../../../session/live/own-session.ts';
import { FRAME_PROBLEMS, type FrameRouteParts, postedFrames } from '../../routes/sessions/frame-routes.ts';
import { type Route, userRoute } from '../../pipeline/route.ts';

const Looked = z.object({
  session_id: Id,
  faces: z
    .int()
    .nullable()
    .describe('Null when the frame was not analysed: a newer one replaced it, or vision is off.'),
  events: z.array(z.string()).describe('Types of the incidents open after this frame.'),
});

export function proctorbeFrameRoutes(parts: FrameRouteParts): Route[] {
  const admitFrame = postedFrames();
  return [
    userRoute({
      line: 'own',
      method: 'POST',
      path: '/cv/analyze-frame',
      tag: 'ProctorBE compatibility',
      summary: 'Analyses a frame',
      description: 'Responds after resulting events are committed.',
      answer: Looked,
      problems: FRAME_PROBLEMS.filter((code) => code !== 'invalid_image'),
      query: z.object({ session_id: Id }),
      kind: 'multipart',
      body: z.object({ file: FramePart }),
      admit: async ({ query, who }) => {
        admitFrame(who);
        await checkOwnSession(parts, query.session_id, who);
      },
      handle: async ({ query, body, who }) => {
        const { session_id } = query;
        await checkOwnSession(parts, session_id, who);
        try {
          const seen = await parts.sessions.ask(session_id, 'analyse', { jpeg: body.file });
          return { session_id, faces: seen.analysed ? seen.faces : null, events: seen.open };
        } catch (error) {
          // ProctorBE answers an undecodable image with an event, not an error.
          if (error instanceof ProtocolError && error.code === 'invalid_image')
            return { session_id, faces: 0, events: ['INVALID_IMAGE'] };
          throw error;
        }
      },
    }),
  ];
}
