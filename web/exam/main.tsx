import { Api } from '../shared/api.ts';
import { mount } from '../shared/mount.tsx';
import { App } from './app.tsx';

mount(<App api={new Api()} />);
