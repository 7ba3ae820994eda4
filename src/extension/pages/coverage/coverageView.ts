// The script of the coverage view's page: shows what the host sends, tells the host what somebody wants done.
import { type Language, speak } from '../../language/language.js';
import type { FromView, ToView } from '../coverageMessages.js';
import { CoveragePage, type Kept } from './coveragePage.js';

declare function acquireVsCodeApi(): {
  postMessage(message: FromView): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

// The host has written it into the page.
speak(JSON.parse(document.body.dataset.language ?? '{"name":"en"}') as Language);

const host = acquireVsCodeApi();
const page = new CoveragePage(host.getState() ?? {}, {
  send: (message) => {
    host.postMessage(message);
  },
  keep: (kept) => {
    host.setState(kept);
  },
});
window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  page.show(data);
});
host.postMessage({ type: 'ready', companyId: host.getState()?.companyId });
