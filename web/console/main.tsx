import { Api } from '../shared/api.ts';
import { mount } from '../shared/mount.tsx';
import { App } from './app.tsx';

const api = new Api();

void api.join().then(() => mount(() => <App api={api} />));
