import { writeFileSync } from 'node:fs';
import { messagesPage } from '../protocol/reference/page.ts';

/** `npm run docs:protocol`: writes docs/protocol-messages.md. */
writeFileSync(new URL('../docs/protocol-messages.md', import.meta.url), messagesPage());
