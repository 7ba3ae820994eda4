import { type Language, speak } from '../../language/language.js';

/** The extension host, as a page reaches it. */
export interface Host<FromView, Kept> {
  send: (message: FromView) => void;
  /** For when the page is made anew, after something else covered it. */
  keep: (kept: Kept) => void;
}

interface VsCodeApi<FromView, Kept> {
  postMessage(message: FromView): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}
declare function acquireVsCodeApi<FromView, Kept>(): VsCodeApi<FromView, Kept>;

/** Makes the page, in the host's language, shows it what the host sends, and tells the host that it is ready. */
export function connect<FromView, Kept extends object>(
  make: (kept: Kept, host: Host<FromView, Kept>) => { show: (message: never) => void },
  ready: (kept: Partial<Kept>) => FromView,
): void {
  // The host has written it into the page.
  speak(JSON.parse(document.body.dataset.language ?? '{"name":"en"}') as Language);
  const api = acquireVsCodeApi<FromView, Kept>();
  const kept = api.getState();
  const page = make(kept ?? ({} as Kept), {
    send: (message) => {
      api.postMessage(message);
    },
    keep: (state) => {
      api.setState(state);
    },
  });
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    page.show(data as never); // of the host's messages to this page
  });
  api.postMessage(ready(kept ?? {}));
}
