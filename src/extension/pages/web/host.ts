import { type Language, speak } from '../../language/language.js';

/** The page's way to the extension host. */
export interface Host<FromView, Kept> {
  send: (message: FromView) => void;
  /** Stores state for the next time that VS Code creates the page, after another editor has hidden it. */
  keep: (kept: Kept) => void;
}

interface VsCodeApi<FromView, Kept> {
  postMessage(message: FromView): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}
declare function acquireVsCodeApi<FromView, Kept>(): VsCodeApi<FromView, Kept>;

/** Makes the page in the host's language, passes the host's messages to it, and tells the host that it is ready. */
export function connect<FromView, Kept extends object>(
  make: (kept: Kept, host: Host<FromView, Kept>) => { show: (message: never) => void },
  ready: (kept: Partial<Kept>) => FromView,
): void {
  // The host writes the language into the page.
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
    page.show(data as never); // only the host sends messages to this page
  });
  api.postMessage(ready(kept ?? {}));
}
