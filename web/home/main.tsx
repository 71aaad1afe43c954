import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { ApiLink } from './api-link.tsx';
import { Health } from './health.tsx';

mount(
  <>
    <TopBar title="Exam proctoring server" />
    <main>
      <div class="middle stack">
        <section class="card stack">
          <h1>This server watches over exams</h1>
          <p>
            During an exam the browser sends camera pictures and reports such as a change of tab. The server looks at
            them on this machine, notes what it sees, and shows it to the student and to proctors as it happens. It
            decides nothing: people do.
          </p>
          <p class="row">
            <a class="button primary" href="/exam">
              Sit an exam
            </a>
            <a class="button" href="/system-check">
              System check
            </a>
            <a class="button" href="/console">
              Proctor console
            </a>
            <ApiLink />
          </p>
        </section>
        <Health />
      </div>
    </main>
  </>,
);
