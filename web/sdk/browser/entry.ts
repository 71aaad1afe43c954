import { Invigil } from './invigil.ts';
import { startFromTag } from './tag.ts';

// Null in an ES module: browsers do not tell a module which element loaded it.
if (document.currentScript instanceof HTMLScriptElement) startFromTag(document.currentScript);

export default Invigil;
