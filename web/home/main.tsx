import { mount } from '../shared/mount.tsx';
import { Home } from './home.tsx';

mount(Home);
