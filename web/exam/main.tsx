import { Api } from '../shared/api.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { mount } from '../shared/mount.tsx';
import { App } from './app.tsx';

const api = new Api();

keepFocus();
mount(() => <App api={api} />);
