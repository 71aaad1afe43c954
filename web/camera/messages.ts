import { catalogue } from '../shared/messages/catalogue.ts';
import { camera } from '../shared/messages/en/camera.ts';

export const t = catalogue(camera);
