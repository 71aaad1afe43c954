import { mount } from '../shared/mount.tsx';
import { NotFound } from './not-found.tsx';

mount(NotFound);
