export { line as text, lines as longText } from '../text.ts';
